import type { BulkOperation } from '../../domain/bulkOperation';
import type { BulkOperationId, FlowRunId } from '../../domain/identifiers';
import { type SqlExecutor, selectRows, selectUnion } from '../connection/statements';
import { BulkOperationItemEntity } from '../entities/bulkOperation';
import { findOperations } from './operations';

/** A page of the operations that have a run as an item, newest first, from just behind one on. */
export interface OperationsOfRunRequest {
  flowRunId: FlowRunId;
  limit: number;
  after: BulkOperationId | null;
}

const selectItems = (connection: SqlExecutor) =>
  connection
    .getRepository(BulkOperationItemEntity)
    .createQueryBuilder('item')
    .innerJoin('bulk_operation', 'operation', 'operation.id = item.operationId')
    .where('operation.deleted IS NULL');

/** The pages that are requested, in order: the ids of 200 pages at most in one statement, then their operations. */
export async function findOperationsOfRuns(
  connection: SqlExecutor,
  requests: readonly OperationsOfRunRequest[],
): Promise<BulkOperation[][]> {
  const queries = requests.map(({ flowRunId, limit, after }, page) => {
    const query = selectItems(connection)
      .andWhere('item.flowRunId = :flowRunId', { flowRunId })
      .select(String(page), 'page')
      .addSelect('item.operationId', 'id')
      .orderBy('item.operationId', 'DESC')
      .limit(limit);
    return after === null ? query : query.andWhere('item.operationId < :after', { after });
  });
  const rows = await selectUnion(connection, queries);
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
  const query = selectItems(connection)
    .andWhere('item.flowRunId IN (:...ids)', { ids })
    .select('item.flowRunId', 'id')
    .addSelect('COUNT(*)', 'count')
    .groupBy('item.flowRunId');
  const rows = await selectRows(connection, query);
  return new Map(rows.map(({ id, count }) => [id as FlowRunId, Number(count)]));
}
