import type { BulkOperation } from '../../domain/bulkOperation';
import type { BulkOperationId, FlowRunId } from '../../domain/identifiers';
import { placeholders } from '../connection/dialect';
import type { SqlExecutor } from '../connection/statements';
import type { Raw, RawRow } from '../entities/columns';
import { findOperations } from './operations';

/** A page of the operations that have a run as an item, newest first, from just behind one on. */
export interface OperationsOfRunRequest {
  flowRunId: FlowRunId;
  limit: number;
  after: BulkOperationId | null;
}

const source =
  'FROM bulk_operation_item item JOIN bulk_operation operation ON operation.id = item.operation_id ' +
  'WHERE item.ordinal > 0 AND operation.deleted IS NULL AND item.flow_run_id';

/** The pages that are requested, in order: the ids of 200 pages at most in one statement, then their operations. */
export async function findOperationsOfRuns(
  connection: SqlExecutor,
  requests: readonly OperationsOfRunRequest[],
): Promise<BulkOperation[][]> {
  const selects: string[] = [];
  const parameters: Raw[] = [];
  for (const [page, { flowRunId, limit, after }] of requests.entries()) {
    selects.push(
      `SELECT * FROM (SELECT ${page} AS page, item.operation_id AS id ${source} = ?` +
        `${after === null ? '' : ' AND item.operation_id < ?'} ORDER BY item.operation_id DESC LIMIT ?) page_${page}`,
    );
    parameters.push(flowRunId, ...(after === null ? [] : [after]), limit);
  }
  const rows: RawRow[] = await connection.query(selects.join(' UNION ALL '), parameters);
  const ids = [...new Set(rows.map(({ id }) => id as BulkOperationId))];
  const found = new Map((await findOperations(connection, ids)).map(one => [one.id, one]));
  const pages = requests.map((): BulkOperation[] => []);
  for (const { page, id } of rows) {
    const operation = found.get(id as BulkOperationId);
    if (operation !== undefined) pages[Number(page)]?.push(operation);
  }
  // A union has no order of its own.
  for (const page of pages) page.sort((one, other) => (one.id < other.id ? 1 : -1));
  return pages;
}

/** How many operations have each of these runs as an item. */
export async function countOperationsOfRuns(
  connection: SqlExecutor,
  ids: readonly FlowRunId[],
): Promise<Map<FlowRunId, number>> {
  const rows: RawRow[] = await connection.query(
    `SELECT item.flow_run_id AS id, COUNT(*) AS count ${source} IN (${placeholders(ids)}) GROUP BY item.flow_run_id`,
    [...ids],
  );
  return new Map(rows.map(({ id, count }) => [id as FlowRunId, Number(count)]));
}
