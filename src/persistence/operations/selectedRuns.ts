import { In, LessThan } from 'typeorm';
import type { SelectedRun } from '../../domain/bulkOperation';
import type { BulkOperationId, FlowRunId } from '../../domain/identifiers';
import { slicesOf } from '../../platform/slicesOf';
import type { Database } from '../connection/database';
import { insertRows } from '../connection/hotInsertRows';
import { updateRows } from '../connection/hotUpdateRows';
import type { SqlExecutor } from '../connection/statements';
import { SelectedRunEntity } from '../entities/bulkOperation';

// The runs of a selection with subflows, until all depths are known and they become items in order.

// The subflows of one page of runs may be any number, and databases limit what one statement takes.
const runsInOneStatement = 2000;

const selectedRuns = (connection: SqlExecutor) => connection.getRepository(SelectedRunEntity);

/** Writes runs that the selection meets for the first time. */
export const insertSelectedRuns = (connection: SqlExecutor, runs: readonly SelectedRun[]): Promise<void> =>
  insertRows(connection, SelectedRunEntity, runs);

/** Those of these runs that are selected already, in no set order. */
export async function findSelectedRuns(
  connection: SqlExecutor,
  operationId: BulkOperationId,
  flowRunIds: readonly FlowRunId[],
): Promise<SelectedRun[]> {
  const found: SelectedRun[] = [];
  for (const part of slicesOf(flowRunIds, runsInOneStatement)) {
    for (const run of await selectedRuns(connection).findBy({ operationId, flowRunId: In(part) }))
      found.push(run);
  }
  return found;
}

/** The selected runs of one depth, newest first, from just behind a run on. */
export const findSelectedRunsOfDepth = (
  connection: SqlExecutor,
  operationId: BulkOperationId,
  depth: number,
  after: FlowRunId | null,
  limit: number,
): Promise<SelectedRun[]> =>
  selectedRuns(connection).find({
    where: { operationId, depth, ...(after !== null && { flowRunId: LessThan(after) }) },
    order: { flowRunId: 'DESC' },
    take: limit,
  });

/** Writes what changed of selected runs. */
export const writeSelectedRuns = (
  { dialect }: Database,
  connection: SqlExecutor,
  operationId: BulkOperationId,
  changes: readonly { before: SelectedRun; after: SelectedRun }[],
): Promise<void> =>
  updateRows(
    connection,
    dialect,
    SelectedRunEntity,
    changes.map(change => ({ ...change, key: change.before.flowRunId })),
    { key: SelectedRunEntity.columns.flowRunId, scope: { operation_id: operationId } },
  );

/** Removes runs that became items, or were only passed through. */
export async function deleteSelectedRuns(
  connection: SqlExecutor,
  operationId: BulkOperationId,
  flowRunIds: readonly FlowRunId[],
): Promise<void> {
  if (flowRunIds.length > 0)
    await selectedRuns(connection).delete({ operationId, flowRunId: In(flowRunIds) });
}
