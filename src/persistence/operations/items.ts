import type { BulkOperationItem, SelectedItem } from '../../domain/bulkOperation';
import type { BulkOperationItemStatus } from '../../domain/bulkOperationEnums';
import type { BulkOperationId, FlowRunId, TaskRunId } from '../../domain/identifiers';
import type { TransitionCode } from '../../domain/transition';
import type { Database } from '../connection/database';
import { placeholders } from '../connection/dialect';
import { insertRows } from '../connection/hotInsertRows';
import { updateRows } from '../connection/hotUpdateRows';
import type { SqlExecutor } from '../connection/statements';
import { BulkOperationItemEntity, type StoredItem } from '../entities/bulkOperation';
import { type Raw, type RawRow, rowReader } from '../entities/columns';

/** An item, and its position in commit order: 1 to n without gaps; null until decided. */
export interface PositionedItem extends BulkOperationItem {
  position: number | null;
}

// No item is PASSED after the selection, and only the selection reads items before.
const readItem = rowReader(BulkOperationItemEntity.columns);
const itemOf = readItem as (row: RawRow) => BulkOperationItem;
const selectedItemOf = readItem as (row: RawRow) => SelectedItem;

// The subflows of one page of runs may be any number, and databases limit what one statement takes.
const itemsInOneStatement = 2000;

/** Parts of a list that one statement takes each. */
function* parts<Value>(values: readonly Value[]): Generator<readonly Value[]> {
  for (let start = 0; start < values.length; start += itemsInOneStatement)
    yield values.slice(start, start + itemsInOneStatement);
}

/** Writes new items. */
export async function insertItems(connection: SqlExecutor, items: readonly StoredItem[]): Promise<void> {
  for (const part of parts(items)) await insertRows(connection, BulkOperationItemEntity, part);
}

/** The items of a range of ordinals, in their order. */
export async function findItems(
  connection: SqlExecutor,
  operationId: BulkOperationId,
  firstOrdinal: number,
  lastOrdinal: number,
): Promise<BulkOperationItem[]> {
  const rows: RawRow[] = await connection.query(
    'SELECT * FROM bulk_operation_item WHERE operation_id = ? AND ordinal BETWEEN ? AND ? ORDER BY ordinal',
    [operationId, firstOrdinal, lastOrdinal],
  );
  return rows.map(itemOf);
}

async function findOfRuns<Item>(
  connection: SqlExecutor,
  operationId: BulkOperationId,
  flowRunIds: readonly FlowRunId[],
  read: (row: RawRow) => Item,
): Promise<Item[]> {
  const found: Item[] = [];
  for (const part of parts(flowRunIds)) {
    const rows: RawRow[] = await connection.query(
      `SELECT * FROM bulk_operation_item WHERE operation_id = ? AND flow_run_id IN (${placeholders(part)})`,
      [operationId, ...part],
    );
    for (const row of rows) found.push(read(row));
  }
  return found;
}

/** The items of these runs, in no set order. */
export const findItemsOfRuns = (
  connection: SqlExecutor,
  operationId: BulkOperationId,
  flowRunIds: readonly FlowRunId[],
): Promise<BulkOperationItem[]> => findOfRuns(connection, operationId, flowRunIds, itemOf);

/** The same during the selection. */
export const findSelectedItems = (
  connection: SqlExecutor,
  operationId: BulkOperationId,
  flowRunIds: readonly FlowRunId[],
): Promise<SelectedItem[]> => findOfRuns(connection, operationId, flowRunIds, selectedItemOf);

/** The items whose runs were moved and have one of these parent task runs, in no set order. */
export async function findMovedItemsBelow(
  connection: SqlExecutor,
  operationId: BulkOperationId,
  taskRunIds: readonly TaskRunId[],
): Promise<BulkOperationItem[]> {
  if (taskRunIds.length === 0) return [];
  const rows: RawRow[] = await connection.query(
    'SELECT item.* FROM flow_run run JOIN bulk_operation_item item ON item.operation_id = ? AND item.flow_run_id = run.id ' +
      `WHERE run.parent_task_run_id IN (${placeholders(taskRunIds)}) AND item.state_id IS NOT NULL`,
    [operationId, ...taskRunIds],
  );
  return rows.map(itemOf);
}

/** The items of one depth during the selection, newest run first, from just behind a run on. */
export async function findItemsOfDepth(
  connection: SqlExecutor,
  operationId: BulkOperationId,
  depth: number,
  after: FlowRunId | null,
  limit: number,
): Promise<SelectedItem[]> {
  const rows: RawRow[] = await connection.query(
    `SELECT * FROM bulk_operation_item WHERE operation_id = ? AND depth = ?${after === null ? '' : ' AND flow_run_id < ?'} ` +
      'ORDER BY flow_run_id DESC LIMIT ?',
    [operationId, depth, ...(after === null ? [] : [after]), limit],
  );
  return rows.map(selectedItemOf);
}

/** An item before and after a change. */
export interface ItemChange<Item = BulkOperationItem> {
  before: Item;
  after: Item;
}

const updateItems = (
  { dialect }: Database,
  connection: SqlExecutor,
  operationId: BulkOperationId,
  changes: readonly ItemChange<StoredItem>[],
  key: 'ordinal' | 'flowRunId',
): Promise<void> =>
  updateRows(
    connection,
    dialect,
    BulkOperationItemEntity,
    changes.map(change => ({ ...change, key: change.before[key] })),
    { column: BulkOperationItemEntity.columns[key], scope: { operation_id: operationId } },
  );

/** Writes what changed of items whose ordinals stay. */
export const writeItems = (
  database: Database,
  connection: SqlExecutor,
  operationId: BulkOperationId,
  changes: readonly ItemChange[],
): Promise<void> => updateItems(database, connection, operationId, changes, 'ordinal');

/** Writes what changed of items whose ordinals change too. */
export const moveItems = (
  database: Database,
  connection: SqlExecutor,
  operationId: BulkOperationId,
  changes: readonly ItemChange<StoredItem>[],
): Promise<void> => updateItems(database, connection, operationId, changes, 'flowRunId');

/** Takes items of the selection out again. */
export async function deleteItemsOfRuns(
  connection: SqlExecutor,
  operationId: BulkOperationId,
  flowRunIds: readonly FlowRunId[],
): Promise<void> {
  if (flowRunIds.length === 0) return;
  await connection.query(
    `DELETE FROM bulk_operation_item WHERE operation_id = ? AND flow_run_id IN (${placeholders(flowRunIds)})`,
    [operationId, ...flowRunIds],
  );
}

/** Which items a list shows; null asks for nothing. */
export interface ItemListFilter {
  statuses: readonly BulkOperationItemStatus[] | null;
  codes: readonly TransitionCode[] | null;
}

function conditionsOf(
  operations: BulkOperationId | readonly BulkOperationId[],
  { statuses, codes }: ItemListFilter,
) {
  const ids = typeof operations === 'string' ? [operations] : operations;
  const one = typeof operations === 'string' ? '= ?' : `IN (${placeholders(ids)})`;
  const conditions = [`item.operation_id ${one}`, 'item.ordinal > 0'];
  const parameters: Raw[] = [...ids];
  const any = (column: string, values: readonly string[] | null) => {
    if (values === null) return;
    conditions.push(values.length === 0 ? '1 = 0' : `${column} IN (${placeholders(values)})`);
    parameters.push(...values);
  };
  any('item.status', statuses);
  any('item.code', codes);
  // Lets the index of codes find the few that were not accepted.
  if (statuses?.every(status => status !== 'ACCEPT' && status !== 'PENDING'))
    conditions.push('item.code IS NOT NULL');
  return { sql: conditions.join(' AND '), parameters };
}

/** A page of an operation's items, in the order in which they are taken, from just behind an ordinal on. */
export interface ItemPageRequest extends ItemListFilter {
  operationId: BulkOperationId;
  limit: number;
  after: number | null;
}

function positionedItemOf(row: RawRow): PositionedItem {
  const item = itemOf(row);
  const first = row.batch_position ?? null;
  return {
    ...item,
    position: first === null || item.indexInBatch === null ? null : Number(first) + item.indexInBatch,
  };
}

/** The databases' own limit of SELECTs in one statement is 500. */
const pagesInOneStatement = 200;

/** The pages that are requested, in order; each is read from its place in the index, all in one statement. */
export async function findItemPages(
  connection: SqlExecutor,
  requests: readonly ItemPageRequest[],
): Promise<PositionedItem[][]> {
  const pages = requests.map((): PositionedItem[] => []);
  for (let start = 0; start < requests.length; start += pagesInOneStatement) {
    const selects: string[] = [];
    const parameters: Raw[] = [];
    for (const [index, request] of requests.slice(start, start + pagesInOneStatement).entries()) {
      const { operationId, limit, after } = request;
      const conditions = conditionsOf(operationId, request);
      selects.push(
        `SELECT * FROM (SELECT ${start + index} AS page, item.*, batch.first_position AS batch_position ` +
          'FROM bulk_operation_item item LEFT JOIN bulk_operation_batch batch ' +
          'ON batch.operation_id = item.operation_id AND batch.first_ordinal = item.batch ' +
          `WHERE ${conditions.sql}${after === null ? '' : ' AND item.ordinal > ?'} ` +
          `ORDER BY item.ordinal LIMIT ?) page_${index}`,
      );
      parameters.push(...conditions.parameters, ...(after === null ? [] : [after]), limit);
    }
    const rows: RawRow[] = await connection.query(selects.join(' UNION ALL '), parameters);
    for (const row of rows) pages[Number(row.page)]?.push(positionedItemOf(row));
  }
  // A union has no order of its own.
  for (const page of pages) page.sort((one, other) => one.ordinal - other.ordinal);
  return pages;
}

/** How many items a list of each of these operations shows in all. */
export async function countItems(
  connection: SqlExecutor,
  operationIds: readonly BulkOperationId[],
  filter: ItemListFilter,
): Promise<Map<BulkOperationId, number>> {
  if (operationIds.length === 0) return new Map();
  const { sql, parameters } = conditionsOf(operationIds, filter);
  const rows: RawRow[] = await connection.query(
    `SELECT item.operation_id AS id, COUNT(*) AS count FROM bulk_operation_item item WHERE ${sql} GROUP BY item.operation_id`,
    parameters,
  );
  return new Map(rows.map(({ id, count }) => [id as BulkOperationId, Number(count)]));
}

/** The items that an earlier operation's retry or undo is made of, from just behind an ordinal on, in the order wanted. */
export async function findItemsToCopy(
  connection: SqlExecutor,
  operationId: BulkOperationId,
  which: { written: true } | ItemListFilter,
  order: 'ASC' | 'DESC',
  limit: number,
  after: number | null,
): Promise<BulkOperationItem[]> {
  const { sql, parameters } =
    'written' in which
      ? {
          sql: 'item.operation_id = ? AND item.ordinal > 0 AND item.state_id IS NOT NULL',
          parameters: [operationId],
        }
      : conditionsOf(operationId, which);
  const behind = after === null ? '' : ` AND item.ordinal ${order === 'ASC' ? '>' : '<'} ?`;
  const rows: RawRow[] = await connection.query(
    `SELECT item.* FROM bulk_operation_item item WHERE ${sql}${behind} ORDER BY item.ordinal ${order} LIMIT ?`,
    [...parameters, ...(after === null ? [] : [after]), limit],
  );
  return rows.map(itemOf);
}
