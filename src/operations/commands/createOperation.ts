import { createHash } from 'node:crypto';
import type { BulkOperation, BulkOperationDefinition } from '../../domain/bulkOperation';
import type { BulkOperationId } from '../../domain/identifiers';
import { printJson } from '../../domain/jsonText';
import type { Database } from '../../persistence/connection/database';
import { retryOnDuplicateKey } from '../../persistence/connection/retryOnDuplicateKey';
import type { SqlExecutor } from '../../persistence/connection/statements';
import { insertCommand } from '../../persistence/operations/commands';
import {
  findOperationByIdempotencyKey,
  insertOperation,
  lockOperation,
} from '../../persistence/operations/operations';
import type { Services } from '../../transitions/services';
import {
  type BulkOperationRefused,
  type BulkOperationResult,
  refused,
  unknownOperation,
} from './bulkOperationResult';
import { commandOf } from './changeBulkOperation';

/** Who makes an operation, and under which key. */
export interface Request {
  actor: string;
  /** With the same key, the same call of the same actor returns the operation that exists. */
  idempotencyKey: string | null;
}

/** The parts of a new operation apart from its definition. */
type New = Request &
  Pick<BulkOperation, 'origin' | 'status' | 'selection'> &
  Partial<Pick<BulkOperation, 'runsPerSecond' | 'retryOf' | 'undoOf' | 'restores'>>;

/** The properties of each object in one order: two texts of one JSON value ask for the same. */
const inOrder = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;

const digestOf = (parts: unknown): string =>
  createHash('sha256').update(printJson(parts, inOrder)).digest('hex');

const reused = refused(
  'IDEMPOTENCY_KEY_REUSED',
  'This idempotency key was used for another input. Send the same input again, or use another key.',
);

/** Locks the operations whose items a new one goes over, so that none is deleted; false where one is gone. */
async function lockSources(
  connection: SqlExecutor,
  { retryOf, restores }: Pick<BulkOperation, 'retryOf' | 'restores'>,
): Promise<boolean> {
  for (const id of [restores, retryOf])
    if (id !== null && (await lockOperation(connection, id)) === null) return false;
  return true;
}

/** The operation that a call with this key made already, or why the key cannot be used; null: it is free. */
async function earlier({ primary }: Database, wanted: BulkOperation): Promise<BulkOperationResult | null> {
  const found = await findOperationByIdempotencyKey(primary, wanted);
  if (found === null) return null;
  return found.digest === wanted.digest ? found : reused;
}

/**
 * Makes an operation, unless its key has made one already; then that one is returned.
 *
 * @param check returns what forbids the operation. It runs before the transaction begins: it may have to count many runs, and
 *   a call that holds one connection must not wait for another.
 */
export async function createOperation(
  services: Services,
  definition: BulkOperationDefinition,
  more: New,
  check: () => Promise<BulkOperationRefused | null>,
): Promise<BulkOperationResult> {
  const { database, newId, clock, workSignals } = services;
  const { runsPerSecond = null, retryOf = null, undoOf = null, restores = null, ...rest } = more;
  // Who called, and how the filter was written, is no part of the digest.
  const { flowRuns, callerRenewsLeases, ...asked } = definition;
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
    rowsReadAt: null,
  };
  // Of two calls with one key at once, the second finds what the first has made.
  const result = await retryOnDuplicateKey(database, async (): Promise<BulkOperationResult> => {
    const instead = (await earlier(database, wanted)) ?? (await check());
    if (instead !== null) return instead;
    return database.transaction(async (connection): Promise<BulkOperationResult> => {
      if (!(await lockSources(connection, wanted))) return unknownOperation;
      await insertOperation(connection, wanted);
      const kind = wanted.origin === 'PLAN' ? 'PLAN' : 'START';
      await insertCommand(connection, commandOf(services, wanted.id, { kind, actor: wanted.actor }));
      return wanted;
    });
  });
  if (result === wanted) workSignals.notify(wanted.id);
  return result;
}
