import type { BulkOperation, BulkOperationBatch } from '../../domain/bulkOperation';
import type { BulkOperationPause, BulkOperationStatus } from '../../domain/bulkOperationEnums';
import { addSeconds, type Instant } from '../../domain/instant';
import type { SqlExecutor } from '../../persistence/connection/statements';
import { closeBatch, hasOpenBatches, insertBatches } from '../../persistence/operations/batches';
import { type ItemChange, moveItems } from '../../persistence/operations/items';
import { lockOperation, updateOperation } from '../../persistence/operations/operations';
import type { Services } from '../../transitions/services';
import { highestOrdinal } from '../batches';
import {
  countsAfter,
  endStatus,
  failureWindowAfter,
  type ItemOutcome,
  outcomesAfter,
  pauseAfter,
} from '../counts';
import type { SeparatedItems } from './separateWaiting';

/** A batch that is being decided, in its transaction. */
export interface BatchInProgress {
  services: Services;
  connection: SqlExecutor;
  /** How often the transaction was rolled back before. */
  attempt: number;
  operation: BulkOperation;
  batch: BulkOperationBatch;
  /** The last of its items that are decided now. */
  lastOrdinal: number;
  now: Instant;
}

/** The operation ended while the batch was being decided: the transaction is rolled back. */
export class OperationEnded extends Error {}

const outcomeOf = ({ before, after }: ItemChange): ItemOutcome => ({
  flowRunId: after.flowRunId,
  from: before.status,
  status: after.status,
  code: after.code,
});

/**
 * Moves items that wait behind all others, in batches of their own that are due when their delay is over.
 *
 * @returns the highest ordinal afterwards.
 */
async function requeue(
  { services, connection, batch, now }: BatchInProgress,
  { waiting }: SeparatedItems,
  lastOrdinal: number,
): Promise<number> {
  let last = lastOrdinal;
  const batches: BulkOperationBatch[] = [];
  const moved: ItemChange[] = [];
  for (const [delaySeconds, changes] of waiting) {
    const firstOrdinal = last + 1;
    for (const { before, after } of changes) moved.push({ before, after: { ...after, ordinal: ++last } });
    const due = addSeconds(now, delaySeconds);
    batches.push({ ...batch, firstOrdinal, lastOrdinal: last, due, decided: null, firstPosition: null });
  }
  await moveItems(services.database, connection, batch.operationId, moved);
  await insertBatches(connection, batches);
  return last;
}

/** How a batch is recorded. */
interface HowToSettle {
  /** Why the operation is to pause, whatever its brakes say; null: its brakes decide. */
  pause: BulkOperationPause | null;
  /** Whether the states were written already, by a server: they are recorded even where the operation has ended meanwhile. */
  isDoneElsewhere: boolean;
}

const inThisTransaction: HowToSettle = { pause: null, isDoneElsewhere: false };

/**
 * Records a decided batch in the operation's own row: positions, counts, outcomes, and whether it pauses or ends.
 *
 * @throws OperationEnded where the operation was ended meanwhile.
 */
export async function settleBatch(
  inProgress: BatchInProgress,
  separated: SeparatedItems,
  { pause: asked, isDoneElsewhere }: HowToSettle = inThisTransaction,
): Promise<BulkOperationStatus | null> {
  const { connection, batch, lastOrdinal, now } = inProgress;
  const operation = await lockOperation(connection, batch.operationId);
  if (operation === null) throw new OperationEnded();
  const isOver = operation.status !== 'RUNNING' && operation.status !== 'PAUSED';
  if (isOver && !isDoneElsewhere) throw new OperationEnded();
  const outcomes = separated.decided.map(outcomeOf);
  const waits = [...separated.waiting.values()].flat().map(outcomeOf);
  const counts = countsAfter(operation, [...outcomes, ...waits]);
  const failureWindow = failureWindowAfter(operation.failureWindow, outcomes);
  const newLast = await requeue(inProgress, separated, operation.lastOrdinal);
  const firstPosition = outcomes.length === 0 ? null : operation.lastPosition + 1;
  await closeBatch(connection, batch, lastOrdinal, now, firstPosition);
  if (lastOrdinal < batch.lastOrdinal)
    await insertBatches(connection, [{ ...batch, firstOrdinal: lastOrdinal + 1 }]);

  const upTo = highestOrdinal(operation);
  const lastPosition = operation.lastPosition + outcomes.length;
  // Items that a server did not take wait behind the canary, and are part of it all the same.
  const isCanaryComplete = !isDoneElsewhere || lastPosition >= Math.min(upTo, operation.matched);
  const isCanaryDecided =
    operation.definition.canary !== null &&
    !operation.canaryPassed &&
    isCanaryComplete &&
    !(await hasOpenBatches(connection, operation.id, upTo));
  const isDone =
    counts.pending === 0 && !(await hasOpenBatches(connection, operation.id, Number.MAX_SAFE_INTEGER));
  const pause =
    operation.status === 'RUNNING' && asked !== null
      ? asked
      : pauseAfter(operation, failureWindow, isCanaryDecided);
  const next = isDone ? endStatus(counts) : pause && 'PAUSED';
  const status = isOver ? null : next;
  await updateOperation(connection, operation.id, {
    ...counts,
    outcomes: outcomesAfter(operation.outcomes, outcomes),
    failureWindow,
    lastOrdinal: newLast,
    lastPosition,
    ...(status && { status, pausedFor: isDone ? null : pause, ...(isDone && { ended: now }) }),
  });
  return status;
}
