import { badUserInput } from '../domain/errors';
import { type Instant, parseInstant } from '../domain/instant';
import type { State } from '../domain/state';
import type { HistoryPart } from '../persistence/reading';
import { type Connection, connectionOf, type PageArguments } from './connection';

const encode = (timestamp: Instant): string => Buffer.from(timestamp).toString('base64url');

function decode(cursor: string): Instant {
  try {
    return parseInstant(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw badUserInput([{ path: ['after'], message: 'is not a cursor of this list' }]);
  }
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
    state => ({ cursor: encode(state.timestamp), node: state }),
    totalCount,
  );
}
