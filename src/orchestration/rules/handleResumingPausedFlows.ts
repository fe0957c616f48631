import type { Facts } from '../../domain/facts';
import { anyType, only, type RuleOutcome, rule } from '../rule';
import { plainState } from '../states';

function decide({ run, current, proposed, call }: Facts): RuleOutcome {
  if (proposed.type === 'PENDING' || proposed.type === 'PAUSED') {
    return {
      kind: 'reject',
      code: 'CANNOT_LEAVE_PAUSE',
      reason: `A paused run cannot become ${proposed.type}: it can only resume, be scheduled, or end.`,
    };
  }
  const { pauseReschedule, pauseTimeout } = current?.stateDetails ?? {};
  if (pauseReschedule && run.deploymentId === null) {
    return {
      kind: 'reject',
      code: 'CANNOT_RESUME_WITHOUT_DEPLOYMENT',
      reason: 'The run was suspended and has no deployment that could start it again.',
    };
  }
  if (pauseTimeout && pauseTimeout < call.now && proposed.type !== 'CANCELLING') {
    return {
      kind: 'reject',
      code: 'PAUSE_TIMED_OUT',
      reason: `The pause ended at ${pauseTimeout}, and the run failed with it.`,
      state: plainState(
        'FAILED',
        `The run was paused and never resumed: the pause ended at ${pauseTimeout}.`,
      ),
    };
  }
  return undefined;
}

/** Resumes a paused run before its timeout. */
export const handleResumingPausedFlows = rule({
  name: 'HandleResumingPausedFlows',
  from: only('PAUSED'),
  to: anyType,
  decide,
  after: 'deliberation',
  followUp: () => ({ policy: { resuming: true }, note: 'The next start continues the current attempt.' }),
});
