import type { Facts } from '../../domain/facts';
import { anyTypeOrNone, only, type RuleOutcome, rule } from '../rule';

function decide({ run, current, proposed, policy, call }: Facts): RuleOutcome {
  if (current === null) {
    return {
      kind: 'abort',
      code: 'CANNOT_PAUSE_WITHOUT_STATE',
      reason: 'A run without a state cannot be paused.',
    };
  }
  if (current.type !== 'RUNNING') {
    return {
      kind: 'reject',
      code: 'CANNOT_PAUSE_UNLESS_RUNNING',
      reason: `Only a running run can be paused, and this one is ${current.type}.`,
    };
  }
  const pauseKey = proposed.stateDetails.pauseKey ?? call.newPauseKey();
  if (policy.pauseKeys.includes(pauseKey)) {
    return {
      kind: 'reject',
      code: 'PAUSE_ALREADY_FIRED',
      reason: `The pause "${pauseKey}" has already fired.`,
    };
  }
  if (proposed.stateDetails.pauseReschedule) {
    if (run.parentTaskRunId !== null) {
      return {
        kind: 'abort',
        code: 'CANNOT_SUSPEND_SUBFLOW',
        reason: 'A subflow cannot be suspended, only paused.',
      };
    }
    if (run.deploymentId === null) {
      return {
        kind: 'abort',
        code: 'CANNOT_SUSPEND_WITHOUT_DEPLOYMENT',
        reason: 'A run without a deployment cannot be suspended: nothing could start it again.',
      };
    }
  }
  return {
    kind: 'amend',
    policy: { pauseKeys: [...policy.pauseKeys, pauseKey].sort() },
    note: `The pause "${pauseKey}" fires.`,
  };
}

/** Allows only RUNNING runs to be paused, each pause once, and only runs with a deployment to be suspended. */
export const handlePausingFlows = rule({
  name: 'HandlePausingFlows',
  from: anyTypeOrNone,
  to: only('PAUSED'),
  decide,
});
