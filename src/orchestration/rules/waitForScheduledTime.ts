import { secondsBetween } from '../../domain/instant';
import { only, rule } from '../rule';

const maxDelay = 2_147_483_647;

/** Rounds to the nearest second; exactly half a second rounds down. */
const wholeSeconds = (seconds: number): number => Math.ceil(seconds - 0.5);

/** Delays a run until its scheduled time. */
export const waitForScheduledTime = rule({
  name: 'WaitForScheduledTime',
  from: only('SCHEDULED', 'PENDING'),
  to: only('RUNNING'),
  decide({ current, call }) {
    const scheduledTime = current?.stateDetails.scheduledTime;
    if (!scheduledTime) return undefined;
    const delaySeconds = Math.min(wholeSeconds(secondsBetween(call.now, scheduledTime)), maxDelay);
    if (delaySeconds <= 0) return undefined;
    return {
      kind: 'wait',
      code: 'SCHEDULED_IN_FUTURE',
      reason: `The run is scheduled for ${scheduledTime}, in ${delaySeconds} s.`,
      delaySeconds,
    };
  },
});
