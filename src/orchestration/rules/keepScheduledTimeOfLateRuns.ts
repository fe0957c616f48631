import { only, rule } from '../rule';
import { withDetails } from '../states';

/** A run that is marked late stays scheduled for the time that has passed. */
export const keepScheduledTimeOfLateRuns = rule({
  name: 'KeepScheduledTimeOfLateRuns',
  from: only('SCHEDULED'),
  to: only('SCHEDULED'),
  decide({ run, proposed }) {
    const scheduledTime = run.nextScheduledStartTime;
    if (scheduledTime === null) return undefined;
    return {
      kind: 'amend',
      proposed: withDetails(proposed, { scheduledTime }),
      note: `The run stays scheduled for ${scheduledTime}.`,
    };
  },
});
