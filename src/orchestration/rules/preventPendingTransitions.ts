import { only, rule } from '../rule';
import { withDetails } from '../states';

/** Rejects PENDING for a run that has already been started. */
export const preventPendingTransitions = rule({
  name: 'PreventPendingTransitions',
  from: only('PENDING', 'CANCELLING', 'RUNNING', 'CANCELLED'),
  to: only('PENDING'),
  decide({ current, proposed }) {
    const isRenamed =
      current?.type === 'PENDING' && current.name !== proposed.name && proposed.name !== 'Pending';
    if (!isRenamed) {
      return {
        kind: 'abort',
        code: 'PENDING_NOT_ALLOWED',
        reason: `This run is in a ${current?.type} state and cannot transition to a PENDING state.`,
      };
    }
    const { scheduledTime, deploymentConcurrencyLeaseId } = current.stateDetails;
    return {
      kind: 'amend',
      proposed: withDetails(proposed, { scheduledTime, deploymentConcurrencyLeaseId }),
      note: `"${current.name}" became "${proposed.name}"; scheduled time and lease did not change.`,
    };
  },
});
