import { LessThan } from 'typeorm';
import type { BulkOperationId } from '../../domain/identifiers';
import type { Instant } from '../../domain/instant';
import type { Database } from '../connection/database';
import { lockRows } from '../connection/lockRows';
import type { SqlExecutor } from '../connection/statements';
import {
  BulkOperationBatchEntity,
  BulkOperationEntity,
  BulkOperationItemEntity,
  SelectedRunEntity,
} from '../entities/bulkOperation';
import { instantToDatabase } from '../entities/columns';
import { deleteCommands } from './commands';
import { deleteSelectedRuns } from './selectedRuns';
import { deleteSendings } from './sendings';

const rowsAtOnce = 1000;

/** No other operation, that has not ended, retries or undoes the items of this one. */
const isUnneeded =
  'NOT EXISTS (SELECT 1 FROM bulk_operation other WHERE other.ended IS NULL ' +
  'AND (other.retry_of = operation.id OR other.restores = operation.id))';

/** Operations of which no more than the id is read: a row that cannot be read as a whole is deleted too. */
const operationIds = (connection: SqlExecutor) =>
  connection
    .getRepository(BulkOperationEntity)
    .createQueryBuilder('operation')
    .withDeleted()
    .select('operation.id');

/**
 * Takes the next operation to delete: a partly deleted one, or the one that ended first, if that was before an
 * instant; null for none. From then on it is not found, so that no caller reads, retries or undoes a part of it.
 * Skips operations whose items another one still needs.
 */
export async function beginPurge(
  { primary, transaction }: Database,
  endedBefore: Instant,
  now: Instant,
): Promise<BulkOperationId | null> {
  const found = await operationIds(primary)
    .addSelect('operation.deleted')
    .where('operation.deleted IS NOT NULL')
    .orWhere(`(operation.ended < :endedBefore AND ${isUnneeded})`, {
      endedBefore: instantToDatabase(endedBefore),
    })
    .orderBy('operation.ended')
    .limit(1)
    .getOne();
  if (found === null) return null;
  const { id, deleted } = found;
  if (deleted !== null) return id;
  return transaction(async connection => {
    // Code that creates an operation over its items locks its row.
    await lockRows(operationIds(connection).where({ id }), 'forUpdate').getOne();
    if (!(await operationIds(connection).where({ id }).andWhere(isUnneeded).getExists())) return null;
    // Its key, and the undo that it was, are free again.
    await connection
      .getRepository(BulkOperationEntity)
      .update({ id }, { deleted: now, idempotencyKey: null, undoOf: null });
    return id;
  });
}

/**
 * Deletes the first items of an operation, or the first runs that a selection left which was broken off, or the operation itself
 * where there are none: an interrupted purge continues.
 *
 * @returns whether the operation is deleted.
 */
export const purgeOperation = (database: Database, id: BulkOperationId): Promise<boolean> =>
  database.transaction(async connection => {
    const items = connection.getRepository(BulkOperationItemEntity);
    const first = await items.minimum('ordinal', { operationId: id });
    if (first !== null) {
      const deleted = { operationId: id, ordinal: LessThan(first + rowsAtOnce) };
      const runs = await items.find({ select: { flowRunId: true }, where: deleted });
      await deleteSendings(
        connection,
        id,
        runs.map(({ flowRunId }) => flowRunId),
      );
      await items.delete(deleted);
      return false;
    }
    const left = await connection
      .getRepository(SelectedRunEntity)
      .find({ select: { flowRunId: true }, where: { operationId: id }, take: rowsAtOnce });
    if (left.length > 0) {
      await deleteSelectedRuns(
        connection,
        id,
        left.map(({ flowRunId }) => flowRunId),
      );
      return false;
    }
    await deleteCommands(connection, id);
    await connection.getRepository(BulkOperationBatchEntity).delete({ operationId: id });
    await connection.getRepository(BulkOperationEntity).delete({ id });
    return true;
  });
