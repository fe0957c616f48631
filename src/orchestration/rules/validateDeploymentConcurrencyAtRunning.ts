import type { Facts } from '../../domain/facts';
import { forgetRevoked, only, type RuleOutcome, rule } from '../rule';
import { plainState, withDetails } from '../states';

function decide({ run, current, proposed, concurrency, call }: Facts): RuleOutcome {
  const leaseId = current?.stateDetails.deploymentConcurrencyLeaseId;
  if (!leaseId) {
    if (!proposed.stateDetails.deploymentConcurrencyLeaseId) return undefined;
    return {
      kind: 'amend',
      proposed: withDetails(proposed, { deploymentConcurrencyLeaseId: undefined }),
      note: 'The run holds no lease, and starts without the proposed one.',
    };
  }
  const taken = withDetails(proposed, { deploymentConcurrencyLeaseId: leaseId });
  const deployment = run.deploymentId === null ? undefined : concurrency.deployments.get(run.deploymentId);
  if (!call.callerRenewsLeases || !deployment || deployment.concurrencyLimit === null) {
    return { kind: 'amend', proposed: taken, note: `The lease ${leaseId} was taken over.` };
  }
  const seconds = deployment.gracePeriodSeconds ?? call.defaultLeaseSeconds;
  if (concurrency.leases.get(leaseId) === 'holding') {
    const effects = [{ kind: 'renewLease', leaseId, seconds } as const];
    return {
      kind: 'amend',
      proposed: taken,
      effects,
      note: `The lease ${leaseId} was renewed for ${seconds} s.`,
    };
  }
  if (deployment.activeSlots >= deployment.concurrencyLimit) {
    return {
      kind: 'reject',
      code: 'CONCURRENCY_SLOT_LOST',
      reason: `The lease of the run ended before it began to run, and its deployment's limit of ${deployment.concurrencyLimit} is reached.`,
      state: plainState('CANCELLED', 'Cancelled: the concurrency lease ended, and no slot was free.'),
    };
  }
  const newLeaseId = call.newLeaseId();
  return {
    kind: 'amend',
    proposed: withDetails(proposed, { deploymentConcurrencyLeaseId: newLeaseId }),
    effects: [
      { kind: 'takeSlot', deploymentId: deployment.id, leaseId: newLeaseId, seconds },
      ...forgetRevoked(concurrency, leaseId),
    ],
    note: `The lease ${leaseId} had ended; a slot was taken again.`,
  };
}

/** Checks that a run that starts still has its slot. If it lost it, the run takes another or is rejected. */
export const validateDeploymentConcurrencyAtRunning = rule({
  name: 'ValidateDeploymentConcurrencyAtRunning',
  from: only('PENDING'),
  to: only('RUNNING'),
  needsConcurrency: true,
  decide,
});
