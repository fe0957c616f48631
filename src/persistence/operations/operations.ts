import { activeStatuses, type BulkOperation } from '../../domain/bulkOperation';
import type { BulkOperationId } from '../../domain/identifiers';
import type { Instant } from '../../domain/instant';
import type { Database } from '../connection/database';
import { placeholders } from '../connection/dialect';
import { insertRows, type SqlExecutor, updateRow } from '../connection/statements';
import { bulkOperationColumns } from '../entities/bulkOperation';
import { instantToDatabase, type Raw, type RawRow, rowReader } from '../entities/columns';

const operationOf: (row: RawRow) => BulkOperation = rowReader(bulkOperationColumns);

async function findWhere(
  connection: SqlExecutor,
  condition: string,
  parameters: readonly Raw[],
): Promise<BulkOperation[]> {
  const rows: RawRow[] = await connection.query(
    `SELECT * FROM bulk_operation WHERE deleted IS NULL AND ${condition}`,
    [...parameters],
  );
  return rows.map(operationOf);
}

/** Writes a new operation. */
export const insertOperation = (connection: SqlExecutor, operation: BulkOperation): Promise<void> =>
  insertRows(connection, 'bulk_operation', bulkOperationColumns, [operation]);

/** Changes an operation's own row. */
export const updateOperation = (
  connection: SqlExecutor,
  id: BulkOperationId,
  changes: Partial<BulkOperation>,
): Promise<void> => updateRow(connection, 'bulk_operation', bulkOperationColumns, id, changes);

/** Breaks an operation off that has not ended, whatever else its row holds: it may be what nobody can read. */
export const failOperation = (
  connection: SqlExecutor,
  id: BulkOperationId,
  error: string,
  now: Instant,
): Promise<void> =>
  connection.query(
    "UPDATE bulk_operation SET status = 'FAILED', error = ?, ended = ? WHERE id = ? AND ended IS NULL",
    [error, instantToDatabase(now), id],
  );

/** Operations by id, in no set order; those that are not there are left out. */
export const findOperations = (
  connection: SqlExecutor,
  ids: readonly BulkOperationId[],
): Promise<BulkOperation[]> =>
  ids.length === 0 ? Promise.resolve([]) : findWhere(connection, `id IN (${placeholders(ids)})`, ids);

/** One operation; null where there is none. */
export const findOperation = async (
  connection: SqlExecutor,
  id: BulkOperationId,
): Promise<BulkOperation | null> => (await findOperations(connection, [id]))[0] ?? null;

/** One operation, kept as it is until the transaction ends; null where there is none. */
export async function lockOperation(
  { dialect }: Database,
  connection: SqlExecutor,
  id: BulkOperationId,
): Promise<BulkOperation | null> {
  return (await findWhere(connection, `id = ?${dialect.lockClause('forUpdate')}`, [id]))[0] ?? null;
}

/** The same, but null also where somebody else keeps it. */
export async function lockOperationIfFree(
  { dialect }: Database,
  connection: SqlExecutor,
  id: BulkOperationId,
): Promise<BulkOperation | null> {
  return (await findWhere(connection, `id = ?${dialect.lockClause('skipLocked')}`, [id]))[0] ?? null;
}

/** The operation that an actor's call with an idempotency key made; null where there is none. */
export async function findOperationByIdempotencyKey(
  connection: SqlExecutor,
  { actor, origin, idempotencyKey }: Pick<BulkOperation, 'actor' | 'origin' | 'idempotencyKey'>,
): Promise<BulkOperation | null> {
  if (idempotencyKey === null) return null;
  const found = await findWhere(connection, 'idempotency_key = ? AND actor = ? AND origin = ?', [
    idempotencyKey,
    actor,
    origin,
  ]);
  return found[0] ?? null;
}

/** The undos of these operations. */
export const findUndos = (
  connection: SqlExecutor,
  ids: readonly BulkOperationId[],
): Promise<BulkOperation[]> =>
  ids.length === 0 ? Promise.resolve([]) : findWhere(connection, `undo_of IN (${placeholders(ids)})`, ids);

/** The operations in which there is something to do, oldest first. */
export async function findActiveOperations(connection: SqlExecutor): Promise<BulkOperationId[]> {
  const rows: RawRow[] = await connection.query(
    `SELECT id FROM bulk_operation WHERE status IN (${placeholders(activeStatuses)}) ORDER BY id`,
    [...activeStatuses],
  );
  return rows.map(({ id }) => id as BulkOperationId);
}

/** Which operations a list shows; what is absent asks for nothing. */
export interface OperationListFilter {
  statuses?: readonly string[] | null;
  actors?: readonly string[] | null;
  createdAfter?: Instant | null;
  createdBefore?: Instant | null;
}

function conditionsOf(filter: OperationListFilter): { sql: string; parameters: Raw[] } {
  const conditions: [string, readonly Raw[]][] = [];
  const any = (column: string, values: readonly string[] | null | undefined) => {
    if (!values) return;
    conditions.push(values.length === 0 ? ['1 = 0', []] : [`${column} IN (${placeholders(values)})`, values]);
  };
  any('status', filter.statuses);
  any('actor', filter.actors);
  if (filter.createdAfter) conditions.push(['created >= ?', [instantToDatabase(filter.createdAfter)]]);
  if (filter.createdBefore) conditions.push(['created <= ?', [instantToDatabase(filter.createdBefore)]]);
  return {
    sql: conditions.map(([sql]) => sql).join(' AND ') || '1 = 1',
    parameters: conditions.flatMap(([, parameters]) => parameters),
  };
}

/** Operations that a list shows, newest first, from just behind one on. */
export function findOperationPage(
  connection: SqlExecutor,
  filter: OperationListFilter,
  limit: number,
  after: BulkOperationId | null,
): Promise<BulkOperation[]> {
  const { sql, parameters } = conditionsOf(filter);
  const behind = after === null ? '' : ' AND id < ?';
  return findWhere(connection, `${sql}${behind} ORDER BY id DESC LIMIT ?`, [
    ...parameters,
    ...(after === null ? [] : [after]),
    limit,
  ]);
}

/** How many operations a list shows in all. */
export async function countOperations(connection: SqlExecutor, filter: OperationListFilter): Promise<number> {
  const { sql, parameters } = conditionsOf(filter);
  const [row]: RawRow[] = await connection.query(
    `SELECT COUNT(*) AS count FROM bulk_operation WHERE deleted IS NULL AND ${sql}`,
    parameters,
  );
  return Number(row?.count ?? 0);
}

/** The plans that nobody started in time. */
export const findExpiredPlans = (connection: SqlExecutor, now: Instant): Promise<BulkOperation[]> =>
  findWhere(connection, "status = 'PLANNED' AND expires <= ? ORDER BY id LIMIT 100", [
    instantToDatabase(now),
  ]);
