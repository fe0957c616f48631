import { addSeconds, type Instant } from '../domain/instant';
import { defaultStateName, type ProposedState, type StateType } from '../domain/state';
import type { StateDetails } from '../domain/stateDetails';

/** A state with the name of its type, and nothing else to say than its message. */
export const plainState = (type: StateType, message: string | null): ProposedState => ({
  type,
  name: defaultStateName(type),
  message,
  data: null,
  stateDetails: {},
});

/** A SCHEDULED state so many seconds from now. */
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

/** The same state with more details. */
export const withDetails = (state: ProposedState, details: StateDetails): ProposedState => ({
  ...state,
  stateDetails: { ...state.stateDetails, ...details },
});
