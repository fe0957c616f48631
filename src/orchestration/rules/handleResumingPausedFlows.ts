import type { Facts } from '../../domain/facts';
import { type Answer, anyType, only, rule } from '../rule';
import { plainState } from '../states';

function decide({ run, current, proposed, call }: Facts): Answer {
  if (proposed.type === 'PENDING' || proposed.type === 'PAUSED') {
    return {
      kind: 'reject',
      code: 'CANNOT_LEAVE_PAUSE',
      reason: `A paused run cannot become ${proposed.type}: it goes on running, is scheduled, or ends.`,
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
        `The run was paused and never went on: the pause ended at ${pauseTimeout}.`,
      ),
    };
  }
  return undefined;
}

/** A paused run goes on in time, from where it was. */
export const handleResumingPausedFlows = rule({
  name: 'HandleResumingPausedFlows',
  from: only('PAUSED'),
  to: anyType,
  decide,
  after: 'deliberation',
  followUp: () => ({ policy: { resuming: true }, note: 'The next start goes on with what was begun.' }),
});
