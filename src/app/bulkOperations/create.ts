import { createHash } from 'node:crypto';
import type { BulkOperation, BulkOperationDefinition } from '../../domain/bulkOperation';
import type { BulkOperationId } from '../../domain/identifiers';
import { findOperationByIdempotencyKey, insertOperation } from '../../persistence/ledger/operations';
import type { Connection } from '../../persistence/statements';
import type { Services } from '../services';
import { type Answer, type Refused, refused } from './answer';

/** Who makes an operation, and under which key. */
export interface Request {
  actor: string;
  /** With the same key, the same actor's same call answers the operation that exists. */
  idempotencyKey: string | null;
}

/** What a new operation is made of beside its definition. */
type New = Request &
  Pick<BulkOperation, 'origin' | 'status' | 'selection'> &
  Partial<Pick<BulkOperation, 'runsPerSecond' | 'retryOf' | 'undoOf' | 'restores'>>;

const digestOf = (parts: unknown): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex');

const reused = refused(
  'IDEMPOTENCY_KEY_REUSED',
  'This idempotency key was used for another input. Send the same input again, or use another key.',
);

/** The operation that a call with this key made already, or why the key cannot be used; null: it is free. */
async function earlier(connection: Connection, wanted: BulkOperation): Promise<Answer | null> {
  const found = await findOperationByIdempotencyKey(connection, wanted);
  if (found === null) return null;
  return found.digest === wanted.digest ? found : reused;
}

/**
 * Makes an operation, unless its key has made one already; then that one is answered. `check` looks, in the same
 * transaction, for what forbids it.
 */
export async function createOperation(
  services: Services,
  definition: BulkOperationDefinition,
  more: New,
  check: (connection: Connection) => Promise<Refused | null>,
): Promise<Answer> {
  const { database, newId, clock, workSignals } = services;
  const { runsPerSecond = null, retryOf = null, undoOf = null, restores = null, ...rest } = more;
  const { flowRuns, ...asked } = definition;
  const wanted: BulkOperation = {
    ...rest,
    id: newId() as BulkOperationId,
    pausedFor: null,
    error: null,
    definition,
    digest: digestOf([asked, runsPerSecond, retryOf, undoOf]),
    retryOf,
    undoOf,
    restores,
    lastOrdinal: 0,
    lastPosition: 0,
    canaryPassed: false,
    failureWindow: '',
    runsPerSecond,
    pacedUntil: null,
    matched: 0,
    pending: 0,
    accepted: 0,
    rejected: 0,
    aborted: 0,
    waiting: 0,
    skipped: 0,
    outcomes: [],
    plannedSlots: {},
    created: clock(),
    planned: null,
    expires: null,
    started: null,
    ended: null,
  };
  const make = (): Promise<Answer> =>
    database.transaction(async connection => {
      const answer = (await earlier(connection, wanted)) ?? (await check(connection));
      if (answer !== null) return answer;
      await insertOperation(connection, wanted);
      return wanted;
    });
  const answer = await makeOrFind(services, make);
  if (answer === wanted) workSignals.notify(wanted.id);
  return answer;
}

/** Two calls with one key at once: the second finds what the first has made. */
async function makeOrFind({ database }: Services, make: () => Promise<Answer>): Promise<Answer> {
  try {
    return await make();
  } catch (error) {
    if (!database.dialect.isDuplicate(error)) throw error;
    return make();
  }
}
