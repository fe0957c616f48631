import type { BulkOperationBatch } from '../../domain/bulkOperation';
import type { BulkOperationId } from '../../domain/identifiers';
import type { Instant } from '../../domain/instant';
import type { Database } from '../connection/database';
import { insertRows } from '../connection/hotInsertRows';
import type { SqlExecutor } from '../connection/statements';
import { BulkOperationBatchEntity } from '../entities/bulkOperation';
import { instantFromDatabase, instantToDatabase, type RawRow, rowReader } from '../entities/columns';

const readBatch = rowReader(BulkOperationBatchEntity.columns);
const batchOf = (row: RawRow | undefined): BulkOperationBatch | null =>
  row === undefined ? null : readBatch(row);

/** Inserts undecided batches. */
export const insertBatches = (
  connection: SqlExecutor,
  batches: readonly BulkOperationBatch[],
): Promise<void> => insertRows(connection, BulkOperationBatchEntity, batches);

/** Which batches are due. */
export interface DueTimes {
  now: Instant;
  /** No batch is deferred beyond this instant; one that is was deferred before the clock was set back, and is due. */
  latest: Instant;
}

/**
 * Locks the next batch to decide until the transaction ends; null if there is none. Others skip it, and it is
 * available again if the transaction is rolled back. Only due batches of the greatest undecided depth are next.
 * Batches of retried runs come first, regardless of the highest ordinal.
 */
export async function takeBatch(
  { dialect }: Database,
  connection: SqlExecutor,
  operationId: BulkOperationId,
  { now, latest }: DueTimes,
  highestOrdinal: number,
): Promise<BulkOperationBatch | null> {
  const [row]: RawRow[] = await connection.query(
    'SELECT * FROM bulk_operation_batch WHERE operation_id = ? AND decided IS NULL AND depth = ' +
      '(SELECT MAX(depth) FROM bulk_operation_batch WHERE operation_id = ? AND decided IS NULL) ' +
      'AND ((due IS NULL AND first_ordinal <= ?) OR due <= ? OR due > ?) ' +
      `ORDER BY first_ordinal LIMIT 1${dialect.lockClause('skipLocked')}`,
    [operationId, operationId, highestOrdinal, instantToDatabase(now), instantToDatabase(latest)],
  );
  return batchOf(row);
}

/** Locks the batch that begins at an ordinal; null if it is decided, planned or locked by another transaction. */
export async function takeBatchAt(
  { dialect }: Database,
  connection: SqlExecutor,
  operationId: BulkOperationId,
  firstOrdinal: number,
  open: 'planned' | 'decided',
): Promise<BulkOperationBatch | null> {
  const [row]: RawRow[] = await connection.query(
    `SELECT * FROM bulk_operation_batch WHERE operation_id = ? AND first_ordinal = ? AND ${open} IS NULL` +
      dialect.lockClause('skipLocked'),
    [operationId, firstOrdinal],
  );
  return batchOf(row);
}

/** Takes the first batch that is not planned yet. Plans go batch by batch: each sees the slots that those before it took. */
export async function takeBatchToPlan(
  database: Database,
  connection: SqlExecutor,
  operationId: BulkOperationId,
): Promise<BulkOperationBatch | null> {
  const [row]: RawRow[] = await connection.query(
    'SELECT first_ordinal FROM bulk_operation_batch WHERE operation_id = ? AND planned IS NULL ORDER BY first_ordinal LIMIT 1',
    [operationId],
  );
  if (row === undefined) return null;
  return takeBatchAt(database, connection, operationId, Number(row.first_ordinal), 'planned');
}

/** Closes a batch: it ends at this ordinal, and its items have the positions from here on; null: none of them has one. */
export const closeBatch = (
  connection: SqlExecutor,
  { operationId, firstOrdinal }: BulkOperationBatch,
  lastOrdinal: number,
  decided: Instant,
  firstPosition: number | null,
): Promise<void> =>
  connection.query(
    'UPDATE bulk_operation_batch SET last_ordinal = ?, decided = ?, first_position = ? WHERE operation_id = ? AND first_ordinal = ?',
    [lastOrdinal, instantToDatabase(decided), firstPosition, operationId, firstOrdinal],
  );

/** Defers a batch: it ends at this ordinal and is not decided before it is due; null: due at once. */
export const deferBatch = (
  connection: SqlExecutor,
  { operationId, firstOrdinal }: BulkOperationBatch,
  lastOrdinal: number,
  due: Instant | null,
): Promise<void> =>
  connection.query(
    'UPDATE bulk_operation_batch SET last_ordinal = ?, due = ? WHERE operation_id = ? AND first_ordinal = ?',
    [lastOrdinal, due && instantToDatabase(due), operationId, firstOrdinal],
  );

/** Marks a batch as planned. */
export const markPlanned = (
  connection: SqlExecutor,
  { operationId, firstOrdinal }: BulkOperationBatch,
  planned: Instant,
): Promise<void> =>
  connection.query(
    'UPDATE bulk_operation_batch SET planned = ? WHERE operation_id = ? AND first_ordinal = ?',
    [instantToDatabase(planned), operationId, firstOrdinal],
  );

/** Whether a batch at or below an ordinal is not decided yet. */
export async function hasOpenBatches(
  connection: SqlExecutor,
  operationId: BulkOperationId,
  highestOrdinal: number,
): Promise<boolean> {
  const rows: RawRow[] = await connection.query(
    'SELECT 1 FROM bulk_operation_batch WHERE operation_id = ? AND decided IS NULL AND first_ordinal <= ? LIMIT 1',
    [operationId, highestOrdinal],
  );
  return rows.length > 0;
}

/** When the first of the batches that are next is due, where all of them wait; null where one is to be decided now, or none is left. */
export async function findNextDue(
  connection: SqlExecutor,
  operationId: BulkOperationId,
  highestOrdinal: number,
): Promise<Instant | null> {
  const [row]: RawRow[] = await connection.query(
    'SELECT COUNT(*) AS number, COUNT(due) AS waiting, MIN(due) AS due FROM bulk_operation_batch ' +
      'WHERE operation_id = ? AND decided IS NULL AND (due IS NOT NULL OR first_ordinal <= ?) AND depth = ' +
      '(SELECT MAX(depth) FROM bulk_operation_batch WHERE operation_id = ? AND decided IS NULL)',
    [operationId, highestOrdinal, operationId],
  );
  const isAllWaiting = Number(row?.waiting ?? 0) === Number(row?.number ?? 0);
  return isAllWaiting && row?.due ? instantFromDatabase(String(row.due)) : null;
}

/** A position of an operation's items, in commit order. */
export interface PositionRequest {
  operationId: BulkOperationId;
  position: number;
}

/** The decided batch that holds a position, of each of these operations; operations without one are left out. */
export async function findBatchesAt(
  connection: SqlExecutor,
  requests: readonly PositionRequest[],
): Promise<Map<BulkOperationId, BulkOperationBatch>> {
  if (requests.length === 0) return new Map();
  const selects = requests.map(
    (_request, index) =>
      'SELECT * FROM (SELECT * FROM bulk_operation_batch WHERE operation_id = ? AND first_position <= ? ' +
      `ORDER BY first_position DESC LIMIT 1) batch_${index}`,
  );
  const rows: RawRow[] = await connection.query(
    selects.join(' UNION ALL '),
    requests.flatMap(({ operationId, position }) => [operationId, position]),
  );
  return new Map(rows.map(readBatch).map(batch => [batch.operationId, batch]));
}

/** The decided batches from the one on that holds a position or comes next behind it, in commit order. */
export async function findBatchesFrom(
  connection: SqlExecutor,
  operationId: BulkOperationId,
  position: number,
  limit: number,
): Promise<BulkOperationBatch[]> {
  const [start]: RawRow[] = await connection.query(
    'SELECT MAX(first_position) AS position FROM bulk_operation_batch WHERE operation_id = ? AND first_position <= ?',
    [operationId, position],
  );
  const rows: RawRow[] = await connection.query(
    'SELECT * FROM bulk_operation_batch WHERE operation_id = ? AND first_position >= ? ORDER BY first_position LIMIT ?',
    [operationId, start?.position ?? position, limit],
  );
  return rows.map(readBatch);
}
