import type { BulkOperation, BulkOperationBatch } from '../../domain/bulkOperation';
import { type BulkOperationId, isId } from '../../domain/identifiers';
import { type Instant, secondsBetween } from '../../domain/instant';
import type { PositionRequest } from '../../persistence/operations/batches';
import type { ItemListFilter, ItemPageRequest, PositionedItem } from '../../persistence/operations/items';
import {
  countOperations,
  findOperation,
  findOperationPage,
  type OperationListFilter,
} from '../../persistence/operations/operations';
import { type Connection, connectionOf, type PageArguments } from '../../platform/connection';
import { cursorError, decodeCursor, encodeCursor } from '../../platform/cursorText';
import type { Services } from '../../transitions/services';
import { listCursor, ordinalOf } from './cursors';

export type { OperationListFilter, PositionedItem };

/** One operation, as it stands now; null where there is none. */
export const findBulkOperation = (
  { database }: Services,
  id: BulkOperationId,
): Promise<BulkOperation | null> => findOperation(database.primary, id);

function operationIdOf(cursor: string): BulkOperationId {
  const id = decodeCursor(cursor);
  if (!isId(id)) throw cursorError();
  return id as BulkOperationId;
}

/** One page of the operations, newest first. */
export async function bulkOperationConnection(
  { database }: Services,
  filter: OperationListFilter,
  { first, after }: PageArguments,
): Promise<Connection<BulkOperation>> {
  const { primary } = database;
  const operations = await findOperationPage(
    primary,
    filter,
    first + 1,
    after === null ? null : operationIdOf(after),
  );
  return connectionOf(
    operations,
    first,
    after !== null,
    operation => ({ cursor: encodeCursor(operation.id), node: operation }),
    () => countOperations(primary, filter),
  );
}

/** How the pages and counts of many operations' items are found together. */
export interface ItemFinder {
  findPage(request: ItemPageRequest): Promise<PositionedItem[]>;
  count(request: ItemCountRequest): Promise<number>;
}

/** A list of an operation's items. */
export interface ItemCountRequest extends ItemListFilter {
  operationId: BulkOperationId;
}

/** One page of an operation's items, in the order in which they are taken. */
export async function bulkOperationItemConnection(
  { findPage, count }: ItemFinder,
  { id }: Pick<BulkOperation, 'id'>,
  { first, after, ...filter }: PageArguments & ItemListFilter,
): Promise<Connection<PositionedItem>> {
  const list = { ...filter, operationId: id };
  const items = await findPage({ ...list, limit: first + 1, after: ordinalOf(id, after) });
  return connectionOf(
    items,
    first,
    after !== null,
    item => ({ cursor: listCursor(id, item.ordinal), node: item }),
    () => count(list),
  );
}

/** Over how many of the last decided items the present speed is taken. */
const recentItems = 5000;

/** Seconds until a running operation has decided all its items, at its present speed; null where that cannot be said. */
export async function estimateSecondsLeft(
  { clock }: Services,
  operation: BulkOperation,
  findBatchAt: (request: PositionRequest) => Promise<BulkOperationBatch | null>,
): Promise<number | null> {
  const { status, pending, waiting, lastPosition, id, runsPerSecond } = operation;
  if (status !== 'RUNNING' || lastPosition === 0) return null;
  const from = Math.max(1, lastPosition - recentItems);
  const batch = await findBatchAt({ operationId: id, position: from });
  if (!batch?.decided || batch.firstPosition === null) return null;
  // A batch bears the time at which it was begun.
  const speed = speedSince(batch.decided, clock(), lastPosition - batch.firstPosition + 1);
  if (speed === null) return null;
  return (pending + waiting) / Math.min(speed, runsPerSecond ?? Number.POSITIVE_INFINITY);
}

function speedSince(since: Instant, now: Instant, decided: number): number | null {
  const seconds = secondsBetween(since, now);
  return seconds > 0 ? decided / seconds : null;
}
