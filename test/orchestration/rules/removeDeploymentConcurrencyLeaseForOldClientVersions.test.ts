import { at, decide, deployed, leased, leaseId, state, untouched } from '../harness';

const world = { deployment: { concurrencyLimit: 2, activeSlots: 1 }, leases: ['lease', 'other'] };

describe('RemoveDeploymentConcurrencyLeaseForOldClientVersions', () => {
  it.each(['RUNNING', 'CANCELLING'] as const)('deletes the lease and not the slot on the way to %s', type => {
    const { state: written, concurrency } = decide(deployed(leased('PENDING')), type, world);
    expect(written?.stateDetails.deploymentConcurrencyLeaseId).toBe('lease');
    expect(concurrency).toEqual({ ...untouched, deletedLeases: ['lease'] });
  });

  it('does not delete the lease of a caller that renews it', () => {
    const call = { callerRenewsLeases: true };
    const { concurrency } = decide(deployed(leased('PENDING')), 'CANCELLING', { ...world, call });
    expect(concurrency).toEqual(untouched);
  });

  it('does not delete a lease that ended, which records that the slot was freed', () => {
    for (const type of ['RUNNING', 'CANCELLING'] as const) {
      const { concurrency } = decide(deployed(leased('PENDING')), type, {
        ...world,
        leases: [],
        revoked: ['lease'],
      });
      expect(concurrency).toEqual(untouched);
    }
  });

  it('deletes only the lease of the run', () => {
    const stateDetails = { deploymentConcurrencyLeaseId: leaseId('other') };
    const deletedFor = (current: ReturnType<typeof state>) =>
      decide(deployed(current), { type: 'CANCELLING', stateDetails }, world).concurrency.deletedLeases;
    expect(deletedFor(leased('PENDING'))).toEqual(['lease']);
    expect(deletedFor(state('PENDING'))).toEqual([]);
  });

  it('does nothing if the run does not start', () => {
    const scheduledTime = at(60);
    const early = state('PENDING', {
      stateDetails: { scheduledTime, deploymentConcurrencyLeaseId: leaseId('lease') },
    });
    const { verdict, concurrency } = decide(deployed(early), 'RUNNING', world);
    expect(verdict.status).toBe('WAIT');
    expect(concurrency).toEqual(untouched);
  });
});
