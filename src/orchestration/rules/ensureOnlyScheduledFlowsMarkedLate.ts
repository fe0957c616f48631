import { anyType, only, rule } from '../rule';

/** Allows only a scheduled run to be marked late, and only once. */
export const ensureOnlyScheduledFlowsMarkedLate = rule({
  name: 'EnsureOnlyScheduledFlowsMarkedLate',
  from: anyType,
  to: only('SCHEDULED'),
  decide({ current, proposed }) {
    if (proposed.name !== 'Late') return undefined;
    if (current?.type !== 'SCHEDULED') {
      return {
        kind: 'reject',
        code: 'ONLY_SCHEDULED_CAN_BE_LATE',
        reason: `Only a scheduled run can be late, and this one is ${current?.type}.`,
      };
    }
    if (current.name !== 'Late') return undefined;
    return { kind: 'reject', code: 'ALREADY_LATE', reason: 'The run is already marked late.' };
  },
});
