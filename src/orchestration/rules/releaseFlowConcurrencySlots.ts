import { allBut, only, rule, slotHolding } from '../rule';
import { retryFailedFlows } from './retryFailedFlows';
import { validateDeploymentConcurrencyAtRunning } from './validateDeploymentConcurrencyAtRunning';

/** A run that retries in its own process keeps its slot; one that lost its slot has none to free. */
const keepersOfSlots: readonly (string | null)[] = [
  retryFailedFlows.name,
  validateDeploymentConcurrencyAtRunning.name,
];

/** A run that leaves what it was doing frees its slot. */
export const releaseFlowConcurrencySlots = rule({
  name: 'ReleaseFlowConcurrencySlots',
  from: only(...slotHolding),
  to: allBut(...slotHolding),
  needsConcurrency: true,
  after: 'writing',
  followUp({ run, current, concurrency }, { endedBy }) {
    if (run.deploymentId === null || keepersOfSlots.includes(endedBy)) return undefined;
    const deployment = concurrency.deployments.get(run.deploymentId);
    if (!deployment || deployment.concurrencyLimit === null) return undefined;
    const leaseId = current?.stateDetails.deploymentConcurrencyLeaseId;
    return {
      effects: [
        { kind: 'freeSlot', deploymentId: deployment.id },
        ...(leaseId ? [{ kind: 'deleteLease', leaseId } as const] : []),
      ],
      note: 'The slot of the run was freed.',
    };
  },
});
