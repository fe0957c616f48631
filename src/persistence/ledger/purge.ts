import type { BulkOperationId } from '../../domain/identifiers';
import type { Instant } from '../../domain/instant';
import type { Database } from '../database';
import { instantToDatabase, type RawRow } from '../entities/columns';

const itemsAtOnce = 1000;

/**
 * The operation that ended longest ago, if that was before an instant; null: none. One whose items another operation, that
 * has not ended, still retries or undoes is passed over.
 */
export async function findPurgeableOperation(
  { primary }: Database,
  endedBefore: Instant,
): Promise<BulkOperationId | null> {
  const rows: RawRow[] = await primary.query(
    'SELECT id FROM bulk_operation operation WHERE ended < ? AND NOT EXISTS (' +
      'SELECT 1 FROM bulk_operation other WHERE other.ended IS NULL ' +
      'AND (other.retry_of = operation.id OR other.restores = operation.id)) ORDER BY ended LIMIT 1',
    [instantToDatabase(endedBefore)],
  );
  return (rows[0]?.id as BulkOperationId | undefined) ?? null;
}

/**
 * Deletes the first items of an operation, and once none is left, the operation itself: a purge that was broken off goes on
 * where it was. Answers whether the operation is gone.
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
