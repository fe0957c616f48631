import { decide, leased, leaseId, run } from '../harness';

describe('PreserveDeploymentConcurrencyLeaseId', () => {
  it('copies the lease of the current state', () => {
    const { state, spoke } = decide(run(leased('RUNNING')), 'RUNNING');
    expect(state?.stateDetails.deploymentConcurrencyLeaseId).toBe('lease');
    expect(spoke).toContain('PreserveDeploymentConcurrencyLeaseId');
  });

  it('does not replace a lease of the proposed state', () => {
    const stateDetails = { deploymentConcurrencyLeaseId: leaseId('other') };
    const { state } = decide(run(leased('RUNNING')), { type: 'RUNNING', stateDetails });
    expect(state?.stateDetails.deploymentConcurrencyLeaseId).toBe('other');
  });

  it('does nothing without a lease, or without a state', () => {
    expect(decide(run('RUNNING'), 'RUNNING').spoke).toEqual(['InstrumentFlowRunStateTransitions']);
    expect(decide(run(null), 'RUNNING').spoke).toEqual(['InstrumentFlowRunStateTransitions']);
  });

  it('is not part of the minimal policy', () => {
    const { state } = decide(run(leased('RUNNING')), 'RUNNING', { force: true });
    expect(state?.stateDetails.deploymentConcurrencyLeaseId).toBeUndefined();
  });
});
