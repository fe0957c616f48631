import type { BulkOperationId } from '../../domain/identifiers';
import { type Instant, secondsBetween } from '../../domain/instant';
import type { ServerFailures } from './sending/sendBatch';
import type { Turn } from './turn';

/** How long an operation is left alone when other workers hold everything there is to do. */
const busyMilliseconds = 25;
/** The maximum time between turns of a waiting operation: a command may have changed it. */
const maxRestMilliseconds = 1000;
/** After how many failed turns in a row an operation is given up. */
export const maxFailedTurns = 5;
/** How long an operation is left alone after a first failed turn; after each further one twice as long. */
const failureMilliseconds = 200;

/** What one worker remembers between its turns. Times are milliseconds of the process's clock. */
export interface TurnMemory {
  /** The operation that had the last turn: the one behind it is next. */
  last: BulkOperationId | null;
  /** When an operation gets a turn again. */
  restUntil: Map<BulkOperationId, number>;
  /** How many turns of an operation failed in a row. */
  failedTurns: Map<BulkOperationId, number>;
  /** On how many runs of an operation a Prefect server failed in a row. */
  serverFailures: ServerFailures;
}

/** Returns the memory of a worker that starts. */
export const createTurnMemory = (): TurnMemory => ({
  last: null,
  restUntil: new Map(),
  failedTurns: new Map(),
  serverFailures: new Map(),
});

/** Returns the operation whose turn it is, one after the other in a circle; null where all rest. */
export function chooseTurn(
  active: readonly BulkOperationId[],
  { last, restUntil }: TurnMemory,
  now: number,
): BulkOperationId | null {
  const ready = active.filter(id => (restUntil.get(id) ?? 0) <= now);
  return ready.find(id => last !== null && id > last) ?? ready[0] ?? null;
}

/** Returns how many milliseconds an operation is left alone after a turn. */
export function restAfter({ done, until }: Turn, now: Instant): number {
  if (until !== null) return Math.min(maxRestMilliseconds, Math.max(0, secondsBetween(now, until) * 1000));
  return done > 0 ? 0 : busyMilliseconds;
}

/** Records a failed turn, and returns how many failed in a row. The operation rests longer after each. */
export function recordFailure(memory: TurnMemory, id: BulkOperationId, now: number): number {
  const failures = (memory.failedTurns.get(id) ?? 0) + 1;
  memory.failedTurns.set(id, failures);
  memory.restUntil.set(id, now + failureMilliseconds * 2 ** (failures - 1));
  return failures;
}

/** Forgets the operations that are not active any more: ended, paused or deleted. */
export function forgetInactive(
  { restUntil, failedTurns, serverFailures }: TurnMemory,
  active: readonly BulkOperationId[],
): void {
  for (const memory of [restUntil, failedTurns, serverFailures])
    for (const id of memory.keys()) if (!active.includes(id)) memory.delete(id);
}
