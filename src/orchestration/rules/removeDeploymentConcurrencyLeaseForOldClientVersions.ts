import { only, rule } from '../rule';

/** Deletes the lease of a caller that does not renew leases, so that it cannot expire. The slot stays taken. */
export const removeDeploymentConcurrencyLeaseForOldClientVersions = rule({
  name: 'RemoveDeploymentConcurrencyLeaseForOldClientVersions',
  from: only('PENDING'),
  to: only('RUNNING', 'CANCELLING'),
  needsConcurrency: true,
  after: 'acceptance',
  followUp({ call, current, concurrency }) {
    // The run's own lease: the proposed state may name another run's.
    const leaseId = current?.stateDetails.deploymentConcurrencyLeaseId;
    if (call.callerRenewsLeases || !leaseId) return undefined;
    // It records that its slot was freed, until the run leaves.
    if (concurrency.leases.get(leaseId) === 'revoked') return undefined;
    return {
      effects: [{ kind: 'deleteLease', leaseId }],
      note: 'The caller renews no leases: the lease was deleted, the slot stays taken.',
    };
  },
});
