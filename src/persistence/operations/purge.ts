import type { BulkOperationId } from '../../domain/identifiers';
import type { Instant } from '../../domain/instant';
import type { Database } from '../connection/database';
import { instantToDatabase, type RawRow } from '../entities/columns';

const itemsAtOnce = 1000;

/** No other operation, that has not ended, retries or undoes the items of this one. */
const isUnneeded =
  'NOT EXISTS (SELECT 1 FROM bulk_operation other WHERE other.ended IS NULL ' +
  'AND (other.retry_of = operation.id OR other.restores = operation.id))';

/**
 * Takes the next operation to delete: a partly deleted one, or the one that ended first, if that was before an
 * instant; null for none. From then on it is not found, so that no caller reads, retries or undoes a part of it.
 * Skips operations whose items another one still needs.
 */
export async function beginPurge(
  { primary, dialect, transaction }: Database,
  endedBefore: Instant,
  now: Instant,
): Promise<BulkOperationId | null> {
  const [found]: RawRow[] = await primary.query(
    `SELECT id, deleted FROM bulk_operation operation WHERE deleted IS NOT NULL OR (ended < ? AND ${isUnneeded}) ` +
      'ORDER BY ended LIMIT 1',
    [instantToDatabase(endedBefore)],
  );
  if (found === undefined) return null;
  const id = found.id as BulkOperationId;
  if (found.deleted !== null) return id;
  return transaction(async connection => {
    // Code that creates an operation over its items locks its row.
    await connection.query(`SELECT id FROM bulk_operation WHERE id = ?${dialect.lockClause('forUpdate')}`, [
      id,
    ]);
    const rows = (await connection.query(
      `SELECT id FROM bulk_operation operation WHERE id = ? AND ${isUnneeded}`,
      [id],
    )) as RawRow[];
    if (rows.length === 0) return null;
    // Its key, and the undo that it was, are free again.
    await connection.query(
      'UPDATE bulk_operation SET deleted = ?, idempotency_key = NULL, undo_of = NULL WHERE id = ?',
      [instantToDatabase(now), id],
    );
    return id;
  });
}

/**
 * Deletes the first items of an operation, or the operation itself if there are none: an interrupted purge continues.
 *
 * @returns whether the operation is deleted.
 */
export const purgeOperation = (database: Database, id: BulkOperationId): Promise<boolean> =>
  database.transaction(async connection => {
    const rows = (await connection.query(
      'SELECT MIN(ordinal) AS ordinal FROM bulk_operation_item WHERE operation_id = ?',
      [id],
    )) as RawRow[];
    const from = rows[0]?.ordinal ?? null;
    if (from !== null) {
      await connection.query('DELETE FROM bulk_operation_item WHERE operation_id = ? AND ordinal < ?', [
        id,
        Number(from) + itemsAtOnce,
      ]);
      return false;
    }
    await connection.query('DELETE FROM bulk_operation_batch WHERE operation_id = ?', [id]);
    await connection.query('DELETE FROM bulk_operation WHERE id = ?', [id]);
    return true;
  });
