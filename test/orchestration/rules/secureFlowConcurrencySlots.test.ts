import { terminalStateTypes } from '../../../src/domain/state';
import {
  aborted,
  accepted,
  at,
  decide,
  deployed,
  deploymentId,
  leased,
  replaced,
  run,
  state,
  untouched,
} from '../harness';

const oneFree = { concurrencyLimit: 2, activeSlots: 1 };
const full = { concurrencyLimit: 2, activeSlots: 2 };

describe('SecureFlowConcurrencySlots', () => {
  const mayStart = terminalStateTypes.filter(type => type !== 'CANCELLED');

  it.each([null, 'SCHEDULED', ...mayStart] as const)('takes a slot and makes a lease from %s', type => {
    const { state: pending, concurrency } = decide(deployed(type), 'PENDING', { deployment: oneFree });
    expect(pending?.stateDetails.deploymentConcurrencyLeaseId).toBe('new lease 1');
    expect(concurrency).toEqual({
      ...untouched,
      slots: new Map([[deploymentId, 1]]),
      createdLeases: [{ id: 'new lease 1', deploymentId, seconds: 300 }],
    });
  });

  it('deletes a lease that ended while the run waited to be retried', () => {
    const { concurrency } = decide(deployed(leased('SCHEDULED')), 'PENDING', {
      deployment: oneFree,
      revoked: ['lease'],
    });
    expect(concurrency).toMatchObject({
      slots: new Map([[deploymentId, 1]]),
      createdLeases: [{ id: 'new lease 1' }],
      deletedLeases: ['lease'],
    });
  });

  it('makes the lease for the grace period of the deployment', () => {
    const deployment = { ...oneFree, gracePeriodSeconds: 60 };
    const { concurrency } = decide(deployed('SCHEDULED'), 'PENDING', { deployment });
    expect(concurrency.createdLeases).toMatchObject([{ seconds: 60 }]);
  });

  it('schedules a run without a free slot for later', () => {
    const outcome = decide(deployed('SCHEDULED'), 'PENDING', {
      deployment: full,
      call: { slotWaitSeconds: 45 },
    });
    expect(outcome).toMatchObject(
      replaced('CONCURRENCY_LIMIT_REACHED', 'SCHEDULED', 'AwaitingConcurrencySlot'),
    );
    expect(outcome.state?.stateDetails.scheduledTime).toBe(at(45));
    expect(outcome.concurrency).toEqual(untouched);
  });

  it('cancels it if the deployment has CANCEL_NEW', () => {
    const deployment = { ...full, collisionStrategy: 'CANCEL_NEW' as const };
    const outcome = decide(deployed('SCHEDULED'), 'PENDING', { deployment });
    expect(outcome).toMatchObject(replaced('CONCURRENCY_LIMIT_REACHED', 'CANCELLED'));
    expect(outcome.concurrency).toEqual(untouched);
  });

  it('aborts if no slot can ever be free', () => {
    const deployment = { concurrencyLimit: 0 };
    expect(decide(deployed('SCHEDULED'), 'PENDING', { deployment })).toMatchObject(
      aborted('CONCURRENCY_LIMIT_ZERO'),
    );
  });

  it('aborts if the deployment is missing', () => {
    expect(decide(deployed('SCHEDULED'), 'PENDING', { deployment: null })).toMatchObject(
      aborted('DEPLOYMENT_NOT_FOUND'),
    );
  });

  it('does nothing without a limit, or without a deployment', () => {
    expect(decide(deployed('SCHEDULED'), 'PENDING')).toMatchObject({ ...accepted, concurrency: untouched });
    expect(decide(run('SCHEDULED'), 'PENDING', { deployment: full })).toMatchObject(accepted);
  });

  it('takes nothing if a later rule rejects', () => {
    const outcome = decide(deployed(state('PAUSED')), 'PENDING', { deployment: oneFree });
    expect(outcome.spoke.slice(0, 2)).toEqual(['SecureFlowConcurrencySlots', 'HandleResumingPausedFlows']);
    expect(outcome.concurrency).toEqual(untouched);
  });

  it('is not part of the minimal policy', () => {
    const outcome = decide(deployed('SCHEDULED'), 'PENDING', { deployment: full, force: true });
    expect(outcome).toMatchObject({ ...accepted, concurrency: untouched });
  });
});
