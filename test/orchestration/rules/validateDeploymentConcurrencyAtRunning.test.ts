import {
  accepted,
  decide,
  deployed,
  deploymentId,
  leased,
  leaseId,
  replaced,
  untouched,
  type World,
} from '../harness';

const renewing = { callerRenewsLeases: true };
const full = { concurrencyLimit: 2, activeSlots: 2 };
const start = (world: World) => decide(deployed(leased('PENDING')), 'RUNNING', world);

describe('ValidateDeploymentConcurrencyAtRunning', () => {
  it('renews the lease of a caller that renews leases', () => {
    const { state, concurrency } = start({ deployment: full, leases: ['lease'], call: renewing });
    expect(state?.stateDetails.deploymentConcurrencyLeaseId).toBe('lease');
    expect(concurrency).toEqual({ ...untouched, renewedLeases: new Map([['lease', 300]]) });
  });

  it('renews it for the grace period of the deployment, also 0', () => {
    const renewedFor = (gracePeriodSeconds: number) =>
      start({ deployment: { ...full, gracePeriodSeconds }, leases: ['lease'], call: renewing }).concurrency
        .renewedLeases;
    expect(renewedFor(60)).toEqual(new Map([['lease', 60]]));
    expect(renewedFor(0)).toEqual(new Map([['lease', 0]]));
  });

  it('takes a slot again if the lease is gone', () => {
    const deployment = { concurrencyLimit: 2, activeSlots: 1 };
    const { verdict, state, concurrency } = start({ deployment, call: renewing });
    expect(verdict).toEqual(accepted.verdict);
    expect(state?.stateDetails.deploymentConcurrencyLeaseId).toBe('new lease 1');
    expect(concurrency).toEqual({
      ...untouched,
      slots: new Map([[deploymentId, 1]]),
      createdLeases: [{ id: 'new lease 1', deploymentId, seconds: 300 }],
    });
  });

  it('takes a slot again if the lease ended, and deletes the lease', () => {
    const deployment = { concurrencyLimit: 2, activeSlots: 1 };
    const { state, concurrency } = start({ deployment, revoked: ['lease'], call: renewing });
    expect(state?.stateDetails.deploymentConcurrencyLeaseId).toBe('new lease 1');
    expect(concurrency).toMatchObject({ slots: new Map([[deploymentId, 1]]), deletedLeases: ['lease'] });
  });

  it('cancels the run if no slot is free, and frees none', () => {
    const outcome = start({ deployment: full, call: renewing });
    expect(outcome).toMatchObject(replaced('CONCURRENCY_SLOT_LOST', 'CANCELLED'));
    expect(outcome.concurrency).toEqual(untouched);
    const ended = start({ deployment: full, revoked: ['lease'], call: renewing });
    expect(ended).toMatchObject(replaced('CONCURRENCY_SLOT_LOST', 'CANCELLED'));
    expect(ended.concurrency).toEqual({ ...untouched, deletedLeases: ['lease'] });
  });

  it('only copies the lease without a renewing caller or a limit', () => {
    const bystander = start({ deployment: full, leases: ['lease'] });
    expect(bystander.state?.stateDetails.deploymentConcurrencyLeaseId).toBe('lease');
    expect(bystander.concurrency.renewedLeases.size).toBe(0);
    expect(start({ deployment: {}, call: renewing })).toMatchObject({ ...accepted, concurrency: untouched });
    expect(start({ deployment: null, call: renewing })).toMatchObject({
      ...accepted,
      concurrency: untouched,
    });
  });

  it('copies the lease of the current state, for any proposed one', () => {
    const stateDetails = { deploymentConcurrencyLeaseId: leaseId('other') };
    const world = { deployment: full, leases: ['lease', 'other'], call: renewing };
    const withLease = decide(deployed(leased('PENDING')), { type: 'RUNNING', stateDetails }, world);
    expect(withLease.state?.stateDetails.deploymentConcurrencyLeaseId).toBe('lease');
    const without = decide(deployed('PENDING'), { type: 'RUNNING', stateDetails }, world);
    expect(without.state?.stateDetails.deploymentConcurrencyLeaseId).toBeUndefined();
  });

  it('does nothing if the run has no lease', () => {
    const { spoke, concurrency } = decide(deployed('PENDING'), 'RUNNING', {
      deployment: full,
      call: renewing,
    });
    expect(spoke).toEqual(['InstrumentFlowRunStateTransitions']);
    expect(concurrency).toEqual(untouched);
  });
});
