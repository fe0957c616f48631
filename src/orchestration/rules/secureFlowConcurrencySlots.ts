import type { DeploymentFacts, Facts } from '../../domain/facts';
import { terminalStateTypes } from '../../domain/state';
import { forgetRevoked, only, type RuleOutcome, type RuleRefusal, rule } from '../rule';
import { plainState, scheduledState, withDetails } from '../states';

function refuse({ concurrencyLimit, collisionStrategy }: DeploymentFacts, { call }: Facts): RuleRefusal {
  const reason = `No slot is free: the deployment's limit of ${concurrencyLimit} is reached.`;
  const code = 'CONCURRENCY_LIMIT_REACHED';
  switch (collisionStrategy) {
    case 'CANCEL_NEW':
      return {
        kind: 'reject',
        code,
        reason: `${reason} The run was cancelled, as its deployment requires.`,
        state: plainState(
          'CANCELLED',
          `Cancelled: the deployment's limit of ${concurrencyLimit} was reached.`,
        ),
      };
    case 'ENQUEUE':
      return {
        kind: 'reject',
        code,
        reason: `${reason} The run is retried in ${call.slotWaitSeconds} s.`,
        state: scheduledState('AwaitingConcurrencySlot', call.now, call.slotWaitSeconds, null),
      };
  }
}

function decide(facts: Facts): RuleOutcome {
  const { run, current, proposed, concurrency, call } = facts;
  if (run.deploymentId === null) return undefined;
  const deployment = concurrency.deployments.get(run.deploymentId);
  if (!deployment) {
    return {
      kind: 'abort',
      code: 'DEPLOYMENT_NOT_FOUND',
      reason: `The deployment ${run.deploymentId} of the run does not exist.`,
    };
  }
  const { concurrencyLimit, activeSlots } = deployment;
  if (concurrencyLimit === null) return undefined;
  if (concurrencyLimit === 0) {
    return {
      kind: 'abort',
      code: 'CONCURRENCY_LIMIT_ZERO',
      reason: 'The deployment allows no runs: its limit is 0.',
    };
  }
  if (activeSlots >= concurrencyLimit) return refuse(deployment, facts);
  const leaseId = call.newLeaseId();
  const seconds = deployment.gracePeriodSeconds ?? call.defaultLeaseSeconds;
  return {
    kind: 'amend',
    proposed: withDetails(proposed, { deploymentConcurrencyLeaseId: leaseId }),
    effects: [
      { kind: 'takeSlot', deploymentId: deployment.id, leaseId, seconds },
      ...forgetRevoked(concurrency, current?.stateDetails.deploymentConcurrencyLeaseId),
    ],
    note: `Slot ${activeSlots + 1} of ${concurrencyLimit} was taken, for ${seconds} s.`,
  };
}

/** Takes a slot for a run that becomes PENDING, if its deployment has a limit. */
export const secureFlowConcurrencySlots = rule({
  name: 'SecureFlowConcurrencySlots',
  from: only(null, 'SCHEDULED', 'PAUSED', ...terminalStateTypes),
  to: only('PENDING'),
  needsConcurrency: true,
  decide,
});
