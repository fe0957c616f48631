import { addSeconds, type Instant } from '../domain/instant';
import { defaultStateName, type ProposedState, type StateProposal, type StateType } from '../domain/state';
import type { StateDetails } from '../domain/stateDetails';

/** A state with the default name of its type and a message. */
export const plainState = (type: StateType, message: string | null): ProposedState => ({
  type,
  name: defaultStateName(type),
  message,
  data: null,
  stateDetails: {},
});

/** A SCHEDULED state that is due in a number of seconds. */
export const scheduledState = (
  name: string,
  now: Instant,
  seconds: number,
  message: string | null,
): ProposedState => ({
  type: 'SCHEDULED',
  name,
  message,
  data: null,
  stateDetails: { scheduledTime: addSeconds(now, seconds) },
});

/** Adds details to a state. */
export const withDetails = (state: ProposedState, details: StateDetails): ProposedState => ({
  ...state,
  stateDetails: { ...state.stateDetails, ...details },
});

/** Fills in what a proposal leaves open: the name of its type, and for a SCHEDULED state the present. */
export function completeProposal(
  { type, name, message, data, stateDetails }: StateProposal,
  now: Instant,
): ProposedState {
  const isUnscheduled = type === 'SCHEDULED' && stateDetails?.scheduledTime === undefined;
  return {
    type,
    name: name ?? defaultStateName(type),
    message: message ?? null,
    data: data ?? null,
    stateDetails: { ...stateDetails, ...(isUnscheduled && { scheduledTime: now }) },
  };
}
