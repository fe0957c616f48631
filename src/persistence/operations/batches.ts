import { IsNull, LessThanOrEqual, MoreThanOrEqual } from 'typeorm';
import type { BulkOperationBatch } from '../../domain/bulkOperation';
import type { BulkOperationId } from '../../domain/identifiers';
import type { Instant } from '../../domain/instant';
import { fixedSelect } from '../connection/fixedSelect';
import { insertRows } from '../connection/hotInsertRows';
import { lockRows } from '../connection/lockRows';
import { type SqlExecutor, selectUnion } from '../connection/statements';
import { BulkOperationBatchEntity } from '../entities/bulkOperation';
import { instantFromDatabase, instantToDatabase } from '../entities/columns';

const batches = (connection: SqlExecutor) => connection.getRepository(BulkOperationBatchEntity);
const undecided = (connection: SqlExecutor, operationId: BulkOperationId) =>
  batches(connection)
    .createQueryBuilder('batch')
    .where('batch.operationId = :operationId', { operationId })
    .andWhere('batch.decided IS NULL');

/** For `undecided`: only those of the greatest depth are next. */
const isDeepest =
  'batch.depth = (SELECT MAX(other.depth) FROM bulk_operation_batch other ' +
  'WHERE other.operation_id = :operationId AND other.decided IS NULL)';

/** Inserts undecided batches. */
export const insertBatches = (connection: SqlExecutor, rows: readonly BulkOperationBatch[]): Promise<void> =>
  insertRows(connection, BulkOperationBatchEntity, rows);

/** Which batches are due. */
export interface DueTimes {
  now: Instant;
  /** No batch is deferred beyond this instant; one that is was deferred before the clock was set back, and is due. */
  latest: Instant;
}

const selectNext = fixedSelect(
  BulkOperationBatchEntity,
  'batch',
  ['operationId', 'highestOrdinal', 'now', 'latest'],
  query =>
    lockRows(
      query
        .where('batch.operationId = :operationId AND batch.decided IS NULL')
        .andWhere(isDeepest)
        .andWhere(
          '((batch.due IS NULL AND batch.firstOrdinal <= :highestOrdinal) OR batch.due <= :now OR batch.due > :latest)',
        )
        .orderBy('batch.firstOrdinal')
        .limit(1),
      'skipLocked',
    ),
);

/**
 * Locks the next batch to decide until the transaction ends; null if there is none. Others skip it, and it is
 * available again if the transaction is rolled back. Only due batches of the greatest undecided depth are next.
 * Batches of retried runs come first, regardless of the highest ordinal.
 */
export async function takeBatch(
  connection: SqlExecutor,
  operationId: BulkOperationId,
  { now, latest }: DueTimes,
  highestOrdinal: number,
): Promise<BulkOperationBatch | null> {
  const times = { now: instantToDatabase(now), latest: instantToDatabase(latest) };
  return (await selectNext(connection, { operationId, highestOrdinal, ...times }))[0] ?? null;
}

const openBatchAt = (open: 'planned' | 'decided') =>
  fixedSelect(BulkOperationBatchEntity, 'batch', ['operationId', 'firstOrdinal'], query =>
    lockRows(
      query.where(
        `batch.operationId = :operationId AND batch.firstOrdinal = :firstOrdinal AND batch.${open} IS NULL`,
      ),
      'skipLocked',
    ),
  );
const selectBatchAt = { planned: openBatchAt('planned'), decided: openBatchAt('decided') };

/** Locks the batch that begins at an ordinal; null if it is decided, planned or locked by another transaction. */
export const takeBatchAt = async (
  connection: SqlExecutor,
  operationId: BulkOperationId,
  firstOrdinal: number,
  open: 'planned' | 'decided',
): Promise<BulkOperationBatch | null> =>
  (await selectBatchAt[open](connection, { operationId, firstOrdinal }))[0] ?? null;

/** Locks the batch that holds an ordinal, where it is due; null if there is none, or another transaction locks it. */
export const takeBatchHolding = (
  connection: SqlExecutor,
  operationId: BulkOperationId,
  ordinal: number,
  { now, latest }: DueTimes,
): Promise<BulkOperationBatch | null> =>
  lockRows(
    undecided(connection, operationId)
      .andWhere('batch.firstOrdinal <= :ordinal AND batch.lastOrdinal >= :ordinal', { ordinal })
      .andWhere('(batch.due IS NULL OR batch.due <= :now OR batch.due > :latest)', {
        now: instantToDatabase(now),
        latest: instantToDatabase(latest),
      })
      .limit(1),
    'skipLocked',
  ).getOne();

/** Locks the undecided batch that begins at an ordinal, and waits for other transactions; null if there is none. */
export const lockBatch = (
  connection: SqlExecutor,
  operationId: BulkOperationId,
  firstOrdinal: number,
): Promise<BulkOperationBatch | null> =>
  lockRows(
    batches(connection).createQueryBuilder('batch').where({ operationId, firstOrdinal, decided: IsNull() }),
    'forUpdate',
  ).getOne();

const selectBatchToPlan = fixedSelect(BulkOperationBatchEntity, 'batch', ['operationId'], query =>
  query
    .where('batch.operationId = :operationId AND batch.planned IS NULL')
    .orderBy('batch.firstOrdinal')
    .limit(1),
);

/** The first batch that is not planned yet. */
export const findBatchToPlan = async (
  connection: SqlExecutor,
  operationId: BulkOperationId,
): Promise<BulkOperationBatch | null> => (await selectBatchToPlan(connection, { operationId }))[0] ?? null;

/** Takes the first batch that is not planned yet. Plans go batch by batch: each sees the slots that those before it took. */
export async function takeBatchToPlan(
  connection: SqlExecutor,
  operationId: BulkOperationId,
): Promise<BulkOperationBatch | null> {
  const next = await findBatchToPlan(connection, operationId);
  return next && takeBatchAt(connection, operationId, next.firstOrdinal, 'planned');
}

type BatchKey = Pick<BulkOperationBatch, 'operationId' | 'firstOrdinal'>;

async function updateBatch(
  connection: SqlExecutor,
  { operationId, firstOrdinal }: BatchKey,
  changes: Partial<BulkOperationBatch>,
): Promise<void> {
  await batches(connection).update({ operationId, firstOrdinal }, changes);
}

/** Closes a batch: it ends at this ordinal, and its items have the positions from here on; null: none of them has one. */
export const closeBatch = (
  connection: SqlExecutor,
  batch: BatchKey,
  lastOrdinal: number,
  decided: Instant,
  firstPosition: number | null,
): Promise<void> => updateBatch(connection, batch, { lastOrdinal, decided, firstPosition });

/** Defers a batch: it ends at this ordinal and is not decided before it is due; null: due at once. */
export const deferBatch = (
  connection: SqlExecutor,
  batch: BatchKey,
  lastOrdinal: number,
  due: Instant | null,
): Promise<void> => updateBatch(connection, batch, { lastOrdinal, due });

/** Marks a batch as planned. */
export const markPlanned = (connection: SqlExecutor, batch: BatchKey, planned: Instant): Promise<void> =>
  updateBatch(connection, batch, { planned });

/** Whether a batch at or below an ordinal is not decided yet. */
export const hasOpenBatches = async (
  connection: SqlExecutor,
  operationId: BulkOperationId,
  highestOrdinal: number,
): Promise<boolean> =>
  (await undecided(connection, operationId)
    .andWhere({ firstOrdinal: LessThanOrEqual(highestOrdinal) })
    .limit(1)
    .getOne()) !== null;

/** When the first of the batches that are next is due, where all of them wait; null where one is to be decided now, or none is left. */
export async function findNextDue(
  connection: SqlExecutor,
  operationId: BulkOperationId,
  highestOrdinal: number,
): Promise<Instant | null> {
  const row = await undecided(connection, operationId)
    .select('COUNT(*)', 'number')
    .addSelect('COUNT(batch.due)', 'waiting')
    .addSelect('MIN(batch.due)', 'due')
    .andWhere('(batch.due IS NOT NULL OR batch.firstOrdinal <= :highestOrdinal)', { highestOrdinal })
    .andWhere(isDeepest)
    .getRawOne<{ number: string | number; waiting: string | number; due: string | null }>();
  const isAllWaiting = Number(row?.waiting ?? 0) === Number(row?.number ?? 0);
  return isAllWaiting && row?.due ? instantFromDatabase(row.due) : null;
}

/** What is asked of the last decided batches of an operation. */
export interface RecentBatchRequest {
  operationId: BulkOperationId;
  /** The position of an item, in commit order: batches that begin before it are passed over. */
  position: number;
  since: Instant;
}

/** The first batch that was decided since then, of each of these operations; operations without one are left out. */
export async function findRecentBatches(
  connection: SqlExecutor,
  requests: readonly RecentBatchRequest[],
): Promise<Map<BulkOperationId, BulkOperationBatch>> {
  if (requests.length === 0) return new Map();
  const queries = requests.map(({ operationId, position, since }) =>
    batches(connection)
      .createQueryBuilder('batch')
      .select('batch.*')
      .where({ operationId, firstPosition: MoreThanOrEqual(position) })
      .andWhere('batch.decided >= :since', { since: instantToDatabase(since) })
      .orderBy('batch.firstPosition')
      .limit(1),
  );
  const rows = await selectUnion(connection, queries);
  return new Map(rows.map(BulkOperationBatchEntity.read).map(batch => [batch.operationId, batch]));
}

/** The decided batches from the one on that holds a position or comes next behind it, in commit order. */
export async function findBatchesFrom(
  connection: SqlExecutor,
  operationId: BulkOperationId,
  position: number,
  limit: number,
): Promise<BulkOperationBatch[]> {
  const start = await batches(connection)
    .createQueryBuilder('batch')
    .select('MAX(batch.firstPosition)', 'position')
    .where({ operationId, firstPosition: LessThanOrEqual(position) })
    .getRawOne<{ position: number | null }>();
  return batches(connection).find({
    where: { operationId, firstPosition: MoreThanOrEqual(start?.position ?? position) },
    order: { firstPosition: 'ASC' },
    take: limit,
  });
}
