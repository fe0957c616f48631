import { badUserInput } from '../domain/errors';
import type { FlowRunId } from '../domain/identifiers';
import { type Instant, parseInstant } from '../domain/instant';
import type { State } from '../domain/state';
import type { Source } from '../persistence/database';
import { findStateHistory } from '../persistence/reading';
import { type Connection, connectionOf } from './connection';

const encode = (timestamp: Instant): string => Buffer.from(timestamp).toString('base64url');

function decode(cursor: string): Instant {
  try {
    return parseInstant(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw badUserInput([{ path: ['after'], message: 'is no cursor of this list' }]);
  }
}

/** One page of the states that a run is or was in, newest first. */
export async function stateConnection(
  source: Source,
  flowRunId: FlowRunId,
  { first, after }: { first: number; after: string | null },
  totalCount: () => Promise<number>,
): Promise<Connection<State>> {
  const states = await findStateHistory(source, flowRunId, first + 1, after === null ? null : decode(after));
  return connectionOf(
    states,
    first,
    after !== null,
    state => ({ cursor: encode(state.timestamp), node: state }),
    totalCount,
  );
}
