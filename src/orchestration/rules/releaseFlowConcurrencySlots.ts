import { slotHoldingStateTypes } from '../../domain/state';
import { allBut, only, rule } from '../rule';
import { retryFailedFlows } from './retryFailedFlows';
import { validateDeploymentConcurrencyAtRunning } from './validateDeploymentConcurrencyAtRunning';

/** Frees the slot of a run that leaves a slot-holding state, unless it was freed when the lease expired. */
export const releaseFlowConcurrencySlots = rule({
  name: 'ReleaseFlowConcurrencySlots',
  from: only(...slotHoldingStateTypes),
  to: allBut(...slotHoldingStateTypes),
  needsConcurrency: true,
  after: 'writing',
  followUp({ run, current, concurrency }, { endedBy }) {
    // A run that retries in its own process holds its slot.
    if (run.deploymentId === null || endedBy === retryFailedFlows.name) return undefined;
    const leaseId = current?.stateDetails.deploymentConcurrencyLeaseId;
    const lease = leaseId ? [{ kind: 'deleteLease', leaseId } as const] : [];
    if (leaseId && concurrency.leases.get(leaseId) === 'revoked')
      return { effects: lease, note: 'The slot of the run was already freed when its lease ended.' };
    // A run that lost its slot has none to free.
    if (endedBy === validateDeploymentConcurrencyAtRunning.name) return undefined;
    const deployment = concurrency.deployments.get(run.deploymentId);
    if (!deployment || deployment.concurrencyLimit === null) return undefined;
    return {
      effects: [{ kind: 'freeSlot', deploymentId: deployment.id }, ...lease],
      note: 'The slot of the run was freed.',
    };
  },
});
