import { decide, leased, leaseId, run } from '../harness';

describe('PreserveDeploymentConcurrencyLeaseId', () => {
  it('copies the lease of the current state', () => {
    const { state, spoke } = decide(run(leased('RUNNING')), 'RUNNING');
    expect(state?.stateDetails.deploymentConcurrencyLeaseId).toBe('lease');
    expect(spoke).toContain('PreserveDeploymentConcurrencyLeaseId');
  });

  it('leaves a lease that the proposed state brings', () => {
    const stateDetails = { deploymentConcurrencyLeaseId: leaseId('other') };
    const { state } = decide(run(leased('RUNNING')), { type: 'RUNNING', stateDetails });
    expect(state?.stateDetails.deploymentConcurrencyLeaseId).toBe('other');
  });

  it('is silent where there is no lease, or no state', () => {
    expect(decide(run('RUNNING'), 'RUNNING').spoke).toEqual(['InstrumentFlowRunStateTransitions']);
    expect(decide(run(null), 'RUNNING').spoke).toEqual(['InstrumentFlowRunStateTransitions']);
  });

  it('is no part of the minimal policy', () => {
    const { state } = decide(run(leased('RUNNING')), 'RUNNING', { force: true });
    expect(state?.stateDetails.deploymentConcurrencyLeaseId).toBeUndefined();
  });
});
