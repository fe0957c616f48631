import { type Instant, isInstant } from '../domain/instant';
import type { State } from '../domain/state';
import type { HistoryPart } from '../persistence/flowRuns/reading';
import { type Connection, connectionOf, type PageArguments } from '../platform/connection';
import { cursorError, decodeCursor, encodeCursor } from '../platform/cursorText';

function decode(cursor: string): Instant {
  const timestamp = decodeCursor(cursor);
  if (!isInstant(timestamp)) throw cursorError();
  return timestamp;
}

/** One page of the states that a run is or was in, newest first; `find` finds a part of its history. */
export async function stateConnection(
  find: (part: HistoryPart) => Promise<readonly State[]>,
  { first, after }: PageArguments,
  totalCount: () => Promise<number>,
): Promise<Connection<State>> {
  const states = await find({ limit: first + 1, before: after === null ? null : decode(after) });
  return connectionOf(
    states,
    first,
    after !== null,
    state => ({ cursor: encodeCursor(state.timestamp), node: state }),
    totalCount,
  );
}
