import { secondsBetween } from '../../domain/instant';
import { only, rule } from '../rule';

const maxDelay = 2_147_483_647;

/** To the nearest second; exactly half a second counts as none. */
const wholeSeconds = (seconds: number): number => Math.ceil(seconds - 0.5);

/** Nothing runs before its time. */
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
