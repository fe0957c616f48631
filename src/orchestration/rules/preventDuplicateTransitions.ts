import { anyType, anyTypeOrNone, rule } from '../rule';

/** Rejects a transition that was already made. */
export const preventDuplicateTransitions = rule({
  name: 'PreventDuplicateTransitions',
  from: anyTypeOrNone,
  to: anyType,
  decide({ current, proposed }) {
    const transitionId = proposed.stateDetails.transitionId;
    if (!transitionId || current?.stateDetails.transitionId !== transitionId) return undefined;
    return {
      kind: 'reject',
      code: 'DUPLICATE_TRANSITION',
      reason: 'This run has already made this state transition.',
    };
  },
});
