import type { SqlExecutor } from '../connection/statements';
import { selectRows } from '../connection/statements';
import { BulkOperationItemEntity } from '../entities/bulkOperation';
import { columnList, type RawRow, type RowOf, rowReader } from '../entities/columns';
import { SendingEntity } from '../entities/mirror';
import { type ItemPageRequest, positionOf, selectListed, withBatchPosition } from './items';

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

/** An item with all that an export shows of it. */
export interface ExportedItem extends RowOf<typeof exported> {
  /** 1 to n in commit order; null until decided. */
  position: number | null;
  /** Whether the state that was replaced in a Prefect server is another one than planned. */
  movedAnotherState: boolean;
}

const read = rowReader(exported);
const selected = columnList('item', exported);

function exportedItemOf(row: RawRow): ExportedItem {
  const item = read(row);
  return {
    ...item,
    position: positionOf(row, item.indexInBatch),
    movedAnotherState: Number(row.moved_another) === 1,
  };
}

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
  return rows.map(exportedItemOf);
}
