import { allBut, only, rule } from '../rule';

/** Allows a CANCELLING run to become CANCELLED only. */
export const enforceCancellingToCancelledTransition = rule({
  name: 'EnforceCancellingToCancelledTransition',
  from: only('CANCELLING'),
  to: allBut('CANCELLED'),
  decide: ({ proposed }) => ({
    kind: 'reject',
    code: 'CANCELLING_ONLY_TO_CANCELLED',
    reason: `The run is being cancelled, and can become CANCELLED but not ${proposed.type}.`,
  }),
});
