import type { BulkOperation, BulkOperationBatch } from '../../domain/bulkOperation';
import type { BulkOperationStatus } from '../../domain/bulkOperationEnums';
import type { Instant } from '../../domain/instant';
import type { SqlExecutor } from '../../persistence/connection/statements';
import { writeDecisions } from '../../persistence/flowRuns/transitions';
import { takeBatch, takeBatchAt } from '../../persistence/operations/batches';
import { findItems, writeItems } from '../../persistence/operations/items';
import { announce } from '../../transitions/decideFlowRuns';
import type { Services } from '../../transitions/services';
import { highestOrdinal } from '../batches';
import { reportStatus } from '../reportStatus';
import type { OperationSettings } from '../settings';
import { type DecidedItems, decideItems } from './decideItems';
import { dueTimes } from './dueTimes';
import { separateWaiting } from './separateWaiting';
import { type BatchInProgress, OperationEnded, settleBatch } from './settleBatch';

/** Which batch to decide, and how. */
interface BatchChoice {
  /** How many items to decide at most. */
  size: number;
  /** The batch that begins at this ordinal; absent: the next one. */
  at?: number;
  /** Whether the items are given up, as ones that could not be decided even alone. */
  givesUp?: boolean;
}

/** A batch that could not be decided. */
export class BatchFailed extends Error {
  /** What failed. Under this name the kind of a database's error is found, as in TypeORM's errors. */
  readonly driverError: unknown;

  constructor(
    readonly firstOrdinal: number,
    readonly size: number,
    cause: unknown,
  ) {
    super('a batch of a bulk operation failed', { cause });
    this.driverError = cause;
  }
}

/** Decides the items of a batch and writes what was decided; null where they are given up. */
async function decideItemsOfBatch(
  inProgress: BatchInProgress,
  settings: OperationSettings,
  givesUp: boolean,
): Promise<{ decision: DecidedItems | null; status: BulkOperationStatus | null }> {
  const { services, connection, attempt, operation, batch, lastOrdinal } = inProgress;
  const { database } = services;
  const items = await findItems(connection, operation.id, batch.firstOrdinal, lastOrdinal);
  const decision = givesUp
    ? null
    : await decideItems(services, connection, operation, items, 'write', attempt);
  // One statement after the other: where one meets a deadlock the database has rolled the transaction back, and statements
  // that were sent behind it would run outside of it.
  if (decision !== null) {
    const { runs, batch: decided, now } = decision.decided;
    await writeDecisions(database, connection, runs, decided, now);
  }
  const separated = separateWaiting(inProgress, settings.retryWaitSeconds, items, decision?.verdicts ?? null);
  await writeItems(database, connection, operation.id, separated.decided);
  return { decision, status: await settleBatch(inProgress, separated) };
}

/** Takes the batch that begins at an ordinal, or the next one; null where it cannot be decided now. */
const take = (
  settings: OperationSettings,
  connection: SqlExecutor,
  operation: BulkOperation,
  at: number | undefined,
  now: Instant,
): Promise<BulkOperationBatch | null> =>
  at === undefined
    ? takeBatch(connection, operation.id, dueTimes(now, settings), highestOrdinal(operation))
    : takeBatchAt(connection, operation.id, at, 'decided');

/**
 * Decides one batch of an operation in one transaction: takes it, locks its runs, decides each, and writes states, columns,
 * slots, leases, items and counts together. `runOrSendBatch.ts` calls it where the runs are the gateway's own.
 *
 * @returns how many items it decided; 0: there is none to decide now.
 * @throws BatchFailed where the items of the batch could not be decided together.
 */
export async function runBatch(
  services: Services,
  settings: OperationSettings,
  operation: BulkOperation,
  { size, at, givesUp = false }: BatchChoice,
): Promise<number> {
  const { database, clock } = services;
  const result = await database
    .transaction(
      async (connection, attempt) => {
        const now = clock();
        const batch = await take(settings, connection, operation, at, now);
        if (batch === null) return null;
        const { firstOrdinal } = batch;
        const lastOrdinal = Math.min(batch.lastOrdinal, firstOrdinal + size - 1);
        const count = lastOrdinal - firstOrdinal + 1;
        const inProgress = { services, connection, attempt, operation, batch, lastOrdinal, now };
        try {
          return { count, ...(await decideItemsOfBatch(inProgress, settings, givesUp)) };
        } catch (error) {
          throw error instanceof OperationEnded ? error : new BatchFailed(firstOrdinal, count, error);
        }
      },
      // The batch is deferred, and other batches and operations have their turn.
      { onLockTimeout: 'throw' },
    )
    .catch((error: unknown) => {
      if (error instanceof OperationEnded) return null;
      throw error;
    });
  if (result === null) return 0;
  if (result.decision) announce(services, result.decision.decided.batch);
  services.operationSignals.notify(operation.id);
  if (result.status) reportStatus(services, operation, result.status);
  return result.count;
}
