import type { Json } from '../../../src/domain/json';
import { isWire, type Wire } from '../wire';

/** Details that a server adds to a state by itself, or that a gateway adds to identify its transitions. */
const ownDetails = new Set(['transition_id', 'traceparent']);

/**
 * What is compared of a state: all but what a gateway adds. A state that was there before the call is compared by its id alone:
 * when it was written cannot be set up.
 *
 * @param isGiven whether a state with this id was there before the call.
 */
export function comparableState(
  state: Json | undefined,
  isGiven: (id: Json | undefined) => boolean,
  hasTransitionId: boolean,
): Json {
  if (!isWire(state)) return null;
  if (isGiven(state.id)) return { id: state.id ?? null };
  const details = isWire(state.state_details) ? state.state_details : {};
  const kept = Object.entries(details).filter(
    ([key, value]) => value !== null && value !== false && (hasTransitionId || !ownDetails.has(key)),
  );
  const { id, type, name, timestamp, message, data } = state;
  return {
    ...withoutNull({ id, type, name, timestamp, message, data }),
    ...(kept.length > 0 && { state_details: Object.fromEntries(kept) }),
  };
}

const withoutNull = (wire: Record<string, Json | undefined>): Wire =>
  Object.fromEntries(
    Object.entries(wire).filter(
      (entry): entry is [string, Json] => entry[1] !== null && entry[1] !== undefined,
    ),
  );
