import type { SqlExecutor } from '../connection/statements';
import { selectRows } from '../connection/statements';
import { BulkOperationItemEntity } from '../entities/bulkOperation';
import { columnList, flag, integer, nullable, type RowOf, rowReader } from '../entities/columns';
import { SendingEntity } from '../entities/mirror';
import { type ItemPageRequest, selectListed, withBatchPosition } from './items';

const { columns } = BulkOperationItemEntity;

// What an operation remembers of a run for an undo is a large part of its item, and not exported.
const exported = {
  ordinal: columns.ordinal,
  flowRunId: columns.flowRunId,
  status: columns.status,
  code: columns.code,
  reason: columns.reason,
  plannedStatus: columns.plannedStatus,
  plannedCode: columns.plannedCode,
  plannedReason: columns.plannedReason,
  previousStateId: columns.previousStateId,
  stateId: columns.stateId,
  attempts: columns.attempts,
  decided: columns.decided,
  indexInBatch: columns.indexInBatch,
};

/** What is read of other tables. */
const joined = {
  /** The position of the first item of its batch; null until decided. */
  batchPosition: nullable(integer('batch_position')),
  /** Whether the state that was replaced in a Prefect server is another one than planned. */
  movedAnotherState: flag('moved_another'),
};

const read = rowReader({ ...exported, ...joined });
const selected = columnList('item', exported);

/** An item with all that an export shows of it. */
export type ExportedItem = RowOf<typeof exported & typeof joined>;

/** The position of an item in commit order, 1 to n; null until decided. */
export const positionOf = ({ batchPosition, indexInBatch }: ExportedItem): number | null =>
  batchPosition === null || indexInBatch === null ? null : batchPosition + indexInBatch;

/** The page of an operation's items that is requested, in the order in which they are taken. */
export async function findExportedItems(
  connection: SqlExecutor,
  { after, limit, ...request }: ItemPageRequest,
): Promise<ExportedItem[]> {
  const query = withBatchPosition(
    selectListed(connection, request.operationId, request, after).select(selected),
  )
    .addSelect(
      'CASE WHEN sending.settled IS NULL THEN 0 ELSE sending.moved_another_state END',
      'moved_another',
    )
    .leftJoin(
      SendingEntity.tableName,
      'sending',
      'sending.operation_id = item.operationId AND sending.flow_run_id = item.flowRunId',
    )
    .orderBy('item.ordinal')
    .limit(limit);
  const rows = await selectRows(connection, query);
  return rows.map(read);
}
