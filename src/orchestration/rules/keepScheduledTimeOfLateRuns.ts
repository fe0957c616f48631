import { only, rule } from '../rule';
import { withDetails } from '../states';

/** Copies the scheduled time of a run that is marked late. */
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
