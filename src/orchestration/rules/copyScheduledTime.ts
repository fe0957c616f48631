import { only, rule } from '../rule';
import { withDetails } from '../states';

/** Copies the scheduled time of a run that becomes PENDING. */
export const copyScheduledTime = rule({
  name: 'CopyScheduledTime',
  from: only('SCHEDULED'),
  to: only('PENDING'),
  decide({ current, proposed }) {
    const scheduledTime = current?.stateDetails.scheduledTime;
    if (!scheduledTime || proposed.stateDetails.scheduledTime) return undefined;
    return {
      kind: 'amend',
      proposed: withDetails(proposed, { scheduledTime }),
      note: `Scheduled for ${scheduledTime}.`,
    };
  },
});
