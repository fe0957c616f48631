import { type FindOperator, In, IsNull, LessThan, MoreThan, Not, type SelectQueryBuilder } from 'typeorm';
import type { BulkOperationItem } from '../../domain/bulkOperation';
import type { BulkOperationItemStatus } from '../../domain/bulkOperationEnums';
import type { BulkOperationId, FlowRunId, TaskRunId } from '../../domain/identifiers';
import type { TransitionCode } from '../../domain/transition';
import { slicesOf } from '../../platform/slicesOf';
import type { Database } from '../connection/database';
import { fixedSelect } from '../connection/fixedSelect';
import { insertRows } from '../connection/hotInsertRows';
import { updateRows } from '../connection/hotUpdateRows';
import { type SqlExecutor, selectRows, selectUnion } from '../connection/statements';
import { BulkOperationItemEntity } from '../entities/bulkOperation';
import type { RawRow } from '../entities/columns';

/** An item, and its position in commit order: 1 to n without gaps; null until decided. */
export interface PositionedItem extends BulkOperationItem {
  position: number | null;
}

/** Items as the database returns them: TypeORM takes its time to make objects of many rows. */
const selectItems = (connection: SqlExecutor): SelectQueryBuilder<BulkOperationItem> =>
  connection.getRepository(BulkOperationItemEntity).createQueryBuilder('item').select('item.*');

// The subflows of one page of runs may be any number, and databases limit what one statement takes.
const runsInOneStatement = 2000;

/** Writes new items. */
export const insertItems = (connection: SqlExecutor, items: readonly BulkOperationItem[]): Promise<void> =>
  insertRows(connection, BulkOperationItemEntity, items);

const selectRange = fixedSelect(
  BulkOperationItemEntity,
  'item',
  ['operationId', 'firstOrdinal', 'lastOrdinal'],
  query =>
    query
      .where('item.operationId = :operationId AND item.ordinal BETWEEN :firstOrdinal AND :lastOrdinal')
      .orderBy('item.ordinal'),
);

/** The items of a range of ordinals, in their order. */
export const findItems = (
  connection: SqlExecutor,
  operationId: BulkOperationId,
  firstOrdinal: number,
  lastOrdinal: number,
): Promise<BulkOperationItem[]> => selectRange(connection, { operationId, firstOrdinal, lastOrdinal });

/** The items of these runs, in no set order. */
export async function findItemsOfRuns(
  connection: SqlExecutor,
  operationId: BulkOperationId,
  flowRunIds: readonly FlowRunId[],
): Promise<BulkOperationItem[]> {
  const found: BulkOperationItem[] = [];
  for (const part of slicesOf(flowRunIds, runsInOneStatement)) {
    const query = selectItems(connection).where({ operationId, flowRunId: In(part) });
    const rows = await selectRows(connection, query);
    for (const row of rows) found.push(BulkOperationItemEntity.read(row));
  }
  return found;
}

/** The items whose runs were moved and have one of these parent task runs, in no set order. */
export async function findMovedItemsBelow(
  connection: SqlExecutor,
  operationId: BulkOperationId,
  taskRunIds: readonly TaskRunId[],
): Promise<BulkOperationItem[]> {
  if (taskRunIds.length === 0) return [];
  const query = selectItems(connection)
    .innerJoin('flow_run', 'run', 'run.id = item.flowRunId')
    .where({ operationId, stateId: Not(IsNull()) })
    .andWhere('run.parentTaskRunId IN (:...taskRunIds)', { taskRunIds });
  const rows = await selectRows(connection, query);
  return rows.map(BulkOperationItemEntity.read);
}

/** An item before and after a change. */
export interface ItemChange {
  before: BulkOperationItem;
  after: BulkOperationItem;
}

const updateItems = (
  { dialect }: Database,
  connection: SqlExecutor,
  operationId: BulkOperationId,
  changes: readonly ItemChange[],
  key: 'ordinal' | 'flowRunId',
): Promise<void> =>
  updateRows(
    connection,
    dialect,
    BulkOperationItemEntity,
    changes.map(change => ({ ...change, key: change.before[key] })),
    { key: BulkOperationItemEntity.columns[key], scope: { operation_id: operationId } },
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
  changes: readonly ItemChange[],
): Promise<void> => updateItems(database, connection, operationId, changes, 'flowRunId');

/** Which items a list shows; null asks for nothing. */
export interface ItemListFilter {
  statuses: readonly BulkOperationItemStatus[] | null;
  codes: readonly TransitionCode[] | null;
  flowRunId: FlowRunId | null;
}

const withoutCode: readonly BulkOperationItemStatus[] = ['ACCEPT', 'PENDING', 'SENDING'];

/** Ordinals begin behind it. */
const beforeAll = 0;

/** The items of operations that a list shows, from just behind an ordinal on; null: from the first on. */
export function selectListed(
  connection: SqlExecutor,
  operationId: BulkOperationId | FindOperator<BulkOperationId>,
  { statuses, codes, flowRunId }: ItemListFilter,
  after: number | null,
): SelectQueryBuilder<BulkOperationItem> {
  // One bound: of two, the embedded database takes the first to its index, and reads all items up to the second.
  const query = selectItems(connection).where({ operationId, ordinal: MoreThan(after ?? beforeAll) });
  if (statuses !== null) query.andWhere({ status: In(statuses) });
  if (codes !== null) query.andWhere({ code: In(codes) });
  if (flowRunId !== null) query.andWhere({ flowRunId });
  // Lets the index of codes find the few that were not accepted.
  if (statuses?.every(status => !withoutCode.includes(status))) query.andWhere('item.code IS NOT NULL');
  return query;
}

/** A page of an operation's items, in the order in which they are taken, from just behind an ordinal on. */
export interface ItemPageRequest extends ItemListFilter {
  operationId: BulkOperationId;
  limit: number;
  after: number | null;
}

/** Adds the position of the first item of each item's batch, as `batch_position`. */
export const withBatchPosition = (
  query: SelectQueryBuilder<BulkOperationItem>,
): SelectQueryBuilder<BulkOperationItem> =>
  query
    .addSelect('batch.firstPosition', 'batch_position')
    .leftJoin(
      'bulk_operation_batch',
      'batch',
      'batch.operationId = item.operationId AND batch.firstOrdinal = item.batch',
    );

function positionedItemOf(row: RawRow): PositionedItem {
  const item = BulkOperationItemEntity.read(row);
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
  const pages: PositionedItem[][] = [];
  for (const part of slicesOf(requests, pagesInOneStatement)) {
    const queries = part.map((request, index) =>
      withBatchPosition(selectListed(connection, request.operationId, request, request.after))
        .addSelect(String(index), 'page')
        .orderBy('item.ordinal')
        .limit(request.limit),
    );
    const found = part.map((): PositionedItem[] => []);
    for (const row of await selectUnion(connection, queries))
      found[Number(row.page)]?.push(positionedItemOf(row));
    pages.push(...found);
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
  const query = selectListed(connection, In(operationIds), filter, null)
    .select('item.operationId', 'id')
    .addSelect('COUNT(*)', 'count')
    .groupBy('item.operationId');
  const rows = await selectRows(connection, query);
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
  const from = order === 'ASC' ? after : null;
  const query =
    'written' in which
      ? selectItems(connection).where({
          operationId,
          ordinal: MoreThan(from ?? beforeAll),
          stateId: Not(IsNull()),
        })
      : selectListed(connection, operationId, which, from);
  query.orderBy('item.ordinal', order).limit(limit);
  if (order === 'DESC' && after !== null) query.andWhere({ ordinal: LessThan(after) });
  const rows = await selectRows(connection, query);
  return rows.map(BulkOperationItemEntity.read);
}
