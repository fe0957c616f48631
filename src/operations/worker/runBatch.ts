import type { BulkOperation, BulkOperationBatch, BulkOperationItem } from '../../domain/bulkOperation';
import { addSeconds, type Instant } from '../../domain/instant';
import type { SqlExecutor } from '../../persistence/connection/statements';
import { writeDecisions } from '../../persistence/flowRuns/transitions';
import {
  closeBatch,
  type DueTimes,
  hasOpenBatches,
  insertBatches,
  takeBatch,
  takeBatchAt,
} from '../../persistence/operations/batches';
import { findItems, type ItemChange, moveItems, writeItems } from '../../persistence/operations/items';
import { lockOperation, updateOperation } from '../../persistence/operations/operations';
import { isDatabaseUnavailable } from '../../transitions/databaseErrors';
import { announce } from '../../transitions/decideFlowRuns';
import type { Services } from '../../transitions/services';
import {
  countsAfter,
  endStatus,
  failureWindowAfter,
  highestOrdinal,
  type ItemOutcome,
  outcomesAfter,
  pauseAfter,
} from '../accounting';
import type { OperationSettings } from '../settings';
import { type DecidedItems, decideItems } from './decideItems';
import { failedVerdict } from './itemVerdicts';

/** Which batch to decide, and how. */
export interface BatchChoice {
  /** Most items to decide. */
  size: number;
  /** The batch that begins at this ordinal; absent: the next one. */
  at?: number;
  /** Whether the items are given up, as ones that could not be decided even alone. */
  givesUp?: boolean;
}

/** The operation was ended while the batch was in hand, so nothing of the batch may stay. */
class OperationEnded extends Error {}

/** What failed, and which items it took with it. */
export class BatchFailed extends Error {
  constructor(
    readonly firstOrdinal: number,
    readonly size: number,
    cause: unknown,
  ) {
    super('a batch of a bulk operation failed', { cause });
  }
}

/** A batch in hand, in its transaction. */
interface BatchInHand {
  services: Services;
  connection: SqlExecutor;
  /** How often the transaction was broken off before. */
  attempt: number;
  operation: BulkOperation;
  batch: BulkOperationBatch;
  /** The last of its items that are decided now. */
  lastOrdinal: number;
  now: Instant;
}

const outcomeOf = ({ before, after }: ItemChange): ItemOutcome => ({
  flowRunId: after.flowRunId,
  from: before.status,
  status: after.status,
  code: after.code,
});

/** Rows that others hold are waited for too, and the clocks of two workers may differ. */
const dueSlackSeconds = 60;

const dueTimes = (now: Instant, { retryWaitSeconds }: OperationSettings): DueTimes => ({
  now,
  latest: addSeconds(now, retryWaitSeconds + dueSlackSeconds),
});

/** Until when a run that was told to wait may be tried again. */
const waitsUntil = (operation: BulkOperation, settings: OperationSettings, now: Instant): Instant =>
  addSeconds(operation.started ?? now, settings.retryWaitSeconds);

interface Sorted {
  /** Decided for good, in their order. */
  decided: ItemChange[];
  /** To be tried again, by the seconds until then. */
  waiting: Map<number, ItemChange[]>;
}

/** Parts the items of a batch into those that are decided for good and those that are tried again later. */
function sortOut(
  { operation, batch, now }: BatchInHand,
  settings: OperationSettings,
  items: readonly BulkOperationItem[],
  verdicts: DecidedItems['verdicts'] | null,
): Sorted {
  const latest = waitsUntil(operation, settings, now);
  const sorted: Sorted = { decided: [], waiting: new Map() };
  for (const before of items) {
    const verdict = verdicts?.get(before.flowRunId) ?? failedVerdict;
    const after = { ...before, ...verdict, attempts: before.attempts + 1 };
    const { delaySeconds } = verdict;
    if (operation.definition.retryWaits && delaySeconds !== null && addSeconds(now, delaySeconds) <= latest) {
      // Longer only where the clock was set back: then it is looked at again before long.
      const seconds = Math.min(delaySeconds, settings.retryWaitSeconds);
      const together = sorted.waiting.get(seconds) ?? [];
      together.push({ before, after });
      sorted.waiting.set(seconds, together);
      continue;
    }
    const place = sorted.decided.length;
    sorted.decided.push({ before, after: { ...after, decided: now, batch: batch.firstOrdinal, place } });
  }
  return sorted;
}

/** Puts items that wait behind all others, in batches of their own that are due when their delay is over. */
async function requeue(
  { services, connection, batch, now }: BatchInHand,
  { waiting }: Sorted,
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

/** Enters a decided batch into the operation's own row: positions, counts, outcomes, and whether it pauses or ends. */
async function settle(inHand: BatchInHand, sorted: Sorted): Promise<void> {
  const { services, connection, batch, lastOrdinal, now } = inHand;
  const operation = await lockOperation(services.database, connection, batch.operationId);
  if (operation === null || (operation.status !== 'RUNNING' && operation.status !== 'PAUSED'))
    throw new OperationEnded();
  const outcomes = sorted.decided.map(outcomeOf);
  const waits = [...sorted.waiting.values()].flat().map(outcomeOf);
  const counts = countsAfter(operation, [...outcomes, ...waits]);
  const failureWindow = failureWindowAfter(operation.failureWindow, outcomes);
  const newLast = await requeue(inHand, sorted, operation.lastOrdinal);
  const firstPosition = outcomes.length === 0 ? null : operation.lastPosition + 1;
  await closeBatch(connection, batch, lastOrdinal, now, firstPosition);
  if (lastOrdinal < batch.lastOrdinal)
    await insertBatches(connection, [{ ...batch, firstOrdinal: lastOrdinal + 1 }]);

  const upTo = highestOrdinal(operation);
  const isCanaryDecided =
    operation.definition.canary !== null &&
    !operation.canaryPassed &&
    !(await hasOpenBatches(connection, operation.id, upTo));
  const isDone =
    counts.pending === 0 && !(await hasOpenBatches(connection, operation.id, Number.MAX_SAFE_INTEGER));
  const pause = pauseAfter(operation, failureWindow, isCanaryDecided);
  await updateOperation(connection, operation.id, {
    ...counts,
    outcomes: outcomesAfter(operation.outcomes, outcomes),
    failureWindow,
    lastOrdinal: newLast,
    lastPosition: operation.lastPosition + outcomes.length,
    ...(isDone
      ? { status: endStatus(counts), ended: now, pausedFor: null }
      : pause && { status: 'PAUSED', pausedFor: pause }),
  });
}

/** Decides a batch in hand, and writes what was decided; null where its items are given up. */
async function decideInHand(
  inHand: BatchInHand,
  settings: OperationSettings,
  givesUp: boolean,
): Promise<DecidedItems | null> {
  const { services, connection, attempt, operation, batch, lastOrdinal } = inHand;
  const { database } = services;
  const items = await findItems(connection, operation.id, batch.firstOrdinal, lastOrdinal);
  const decision = givesUp
    ? null
    : await decideItems(services, connection, operation, items, 'forUpdate', attempt);
  // One statement after the other: where one meets a deadlock the database has broken the transaction off, and any that
  // were sent behind it would stand by themselves.
  if (decision !== null) {
    const { runs, batch: decided, now } = decision.decided;
    await writeDecisions(database, connection, runs, decided, now);
  }
  const sorted = sortOut(inHand, settings, items, decision?.verdicts ?? null);
  await writeItems(database, connection, operation.id, sorted.decided);
  await settle(inHand, sorted);
  return decision;
}

/**
 * Decides one batch of an operation in one transaction: takes it, locks its runs, decides each, and writes states, columns,
 * slots, leases, items and counts together. Answers how many items it took; 0: there is none to take now.
 *
 * @throws BatchFailed where a run, or the transaction, failed.
 */
export async function runNextBatch(
  services: Services,
  settings: OperationSettings,
  operation: BulkOperation,
  { size, at, givesUp = false }: BatchChoice,
): Promise<number> {
  const { database, clock } = services;
  let taken: { firstOrdinal: number; size: number } | null = null;
  try {
    const decision = await database.transaction(
      async (connection, attempt) => {
        taken = null;
        const now = clock();
        const batch =
          at === undefined
            ? await takeBatch(
                database,
                connection,
                operation.id,
                dueTimes(now, settings),
                highestOrdinal(operation),
              )
            : await takeBatchAt(database, connection, operation.id, at, 'decided');
        if (batch === null) return null;
        const lastOrdinal = Math.min(batch.lastOrdinal, batch.firstOrdinal + size - 1);
        taken = { firstOrdinal: batch.firstOrdinal, size: lastOrdinal - batch.firstOrdinal + 1 };
        const inHand = { services, connection, attempt, operation, batch, lastOrdinal, now };
        return decideInHand(inHand, settings, givesUp);
        // Rows that another transaction holds are not waited for again at once: there are other runs, and other operations.
      },
      { waits: false },
    );
    if (decision) announce(services, decision.decided.batch);
  } catch (error) {
    if (error instanceof OperationEnded) return 0;
    const failed = taken as { firstOrdinal: number; size: number } | null;
    if (failed === null || isDatabaseUnavailable(error)) throw error;
    throw new BatchFailed(failed.firstOrdinal, failed.size, error);
  }
  const done = taken as { size: number } | null;
  if (done !== null) services.operationSignals.notify(operation.id);
  return done?.size ?? 0;
}
