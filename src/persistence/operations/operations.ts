import {
  And,
  type FindOptionsWhere,
  In,
  IsNull,
  LessThan,
  LessThanOrEqual,
  MoreThanOrEqual,
  Raw,
} from 'typeorm';
import type { BulkOperation } from '../../domain/bulkOperation';
import { activeStatuses } from '../../domain/bulkOperationEnums';
import type { BulkOperationId } from '../../domain/identifiers';
import type { Instant } from '../../domain/instant';
import { fixedSelect } from '../connection/fixedSelect';
import { lockRows } from '../connection/lockRows';
import type { SqlExecutor } from '../connection/statements';
import { BulkOperationEntity } from '../entities/bulkOperation';
import { instantToDatabase } from '../entities/columns';

const operations = (connection: SqlExecutor) => connection.getRepository(BulkOperationEntity);
// TypeORM's type of what is written goes into JSON, which has no end.
const written = (columns: Partial<BulkOperation>): object => columns;

/** Writes a new operation. */
export async function insertOperation(connection: SqlExecutor, operation: BulkOperation): Promise<void> {
  await operations(connection).insert(written(operation));
}

/** Changes an operation's own row; does nothing without changes. */
export async function updateOperation(
  connection: SqlExecutor,
  id: BulkOperationId,
  changes: Partial<BulkOperation>,
): Promise<void> {
  if (Object.values(changes).every(value => value === undefined)) return;
  await operations(connection).update({ id }, written(changes));
}

/** Fails an operation that has not ended, without reading its row, which may be unreadable. */
export async function failOperation(
  connection: SqlExecutor,
  id: BulkOperationId,
  error: string,
  now: Instant,
): Promise<void> {
  await operations(connection).update({ id, ended: IsNull() }, { status: 'FAILED', error, ended: now });
}

/** Operations by id, in no set order; unknown ids are left out. */
export const findOperations = (
  connection: SqlExecutor,
  ids: readonly BulkOperationId[],
): Promise<BulkOperation[]> => operations(connection).findBy({ id: In(ids) });

const withId = 'operation.id = :id';
const selectOperation = fixedSelect(BulkOperationEntity, 'operation', ['id'], query => query.where(withId));
const selectLocked = fixedSelect(BulkOperationEntity, 'operation', ['id'], query =>
  lockRows(query.where(withId), 'forUpdate'),
);
const selectUnlessLocked = fixedSelect(BulkOperationEntity, 'operation', ['id'], query =>
  lockRows(query.where(withId), 'skipLocked'),
);

/** Finds an operation; null if it does not exist. */
export const findOperation = async (
  connection: SqlExecutor,
  id: BulkOperationId,
): Promise<BulkOperation | null> => (await selectOperation(connection, { id }))[0] ?? null;

/**
 * Locks an operation until the transaction ends; null if it does not exist.
 *
 * @param mode `skipLocked` returns null also where another transaction holds the operation.
 */
export async function lockOperation(
  connection: SqlExecutor,
  id: BulkOperationId,
  mode: 'forUpdate' | 'skipLocked' = 'forUpdate',
): Promise<BulkOperation | null> {
  const select = mode === 'forUpdate' ? selectLocked : selectUnlessLocked;
  return (await select(connection, { id }))[0] ?? null;
}

/** Finds the operation that an actor created with an idempotency key; null if there is none. */
export const findOperationByIdempotencyKey = async (
  connection: SqlExecutor,
  { actor, origin, idempotencyKey }: Pick<BulkOperation, 'actor' | 'origin' | 'idempotencyKey'>,
): Promise<BulkOperation | null> =>
  idempotencyKey === null ? null : operations(connection).findOneBy({ idempotencyKey, actor, origin });

/** The undos of these operations. */
export const findUndos = (
  connection: SqlExecutor,
  ids: readonly BulkOperationId[],
): Promise<BulkOperation[]> => operations(connection).findBy({ undoOf: In(ids) });

const selectActive = fixedSelect(
  BulkOperationEntity,
  'operation',
  [],
  query =>
    query.where('operation.status IN (:...activeStatuses)', { activeStatuses }).orderBy('operation.id'),
  ['id'],
);

/** The operations that have work to do, oldest first. */
export const findActiveOperations = async (connection: SqlExecutor): Promise<BulkOperationId[]> =>
  (await selectActive(connection, {})).map(({ id }) => id);

/** Which operations a list shows; an absent condition matches all. */
export interface OperationListFilter {
  statuses?: readonly string[] | null;
  actors?: readonly string[] | null;
  createdAfter?: Instant | null;
  createdBefore?: Instant | null;
  /** Has this run as an item. */
  flowRunId?: string | null;
}

const hasItem = (flowRunId: string) =>
  Raw<BulkOperationId>(
    id =>
      `${id} IN (SELECT item.operation_id FROM bulk_operation_item item WHERE item.flow_run_id = :flowRunId)`,
    { flowRunId },
  );

const conditionsOf = (
  { statuses, actors, createdAfter, createdBefore, flowRunId }: OperationListFilter,
  after: BulkOperationId | null = null,
): FindOptionsWhere<BulkOperation> => {
  const ids = [...(after === null ? [] : [LessThan(after)]), ...(flowRunId ? [hasItem(flowRunId)] : [])];
  const created = [
    ...(createdAfter ? [MoreThanOrEqual(createdAfter)] : []),
    ...(createdBefore ? [LessThanOrEqual(createdBefore)] : []),
  ];
  return {
    ...(statuses && { status: In(statuses) }),
    ...(actors && { actor: In(actors) }),
    ...(created.length > 0 && { created: And(...created) }),
    ...(ids.length > 0 && { id: And(...ids) }),
  };
};

/** Operations that a list shows, newest first, from just behind one on. */
export const findOperationPage = (
  connection: SqlExecutor,
  filter: OperationListFilter,
  limit: number,
  after: BulkOperationId | null,
): Promise<BulkOperation[]> =>
  operations(connection).find({
    where: conditionsOf(filter, after),
    order: { id: 'DESC' },
    take: limit,
  });

/** How many operations a watcher sees at once: the newest. */
const maxWatched = 1000;

/** The operations of a list that can still change, or that ended at or after an instant, oldest first. */
export async function findChangingOperations(
  connection: SqlExecutor,
  filter: OperationListFilter,
  endedSince: Instant,
): Promise<BulkOperation[]> {
  const conditions = conditionsOf(filter);
  const found = await operations(connection).find({
    where: [
      { ...conditions, ended: IsNull() },
      { ...conditions, ended: MoreThanOrEqual(endedSince) },
    ],
    order: { id: 'DESC' },
    take: maxWatched,
  });
  return found.reverse();
}

/** Counts all operations of a list. */
export const countOperations = (connection: SqlExecutor, filter: OperationListFilter): Promise<number> =>
  operations(connection).countBy(conditionsOf(filter));

const selectExpired = fixedSelect(
  BulkOperationEntity,
  'operation',
  ['now'],
  query =>
    query
      .where("operation.status = 'PLANNED' AND operation.expires <= :now")
      .orderBy('operation.id')
      .limit(100),
  ['id'],
);

/** The plans that were not started in time. */
export const findExpiredPlans = async (connection: SqlExecutor, now: Instant): Promise<BulkOperationId[]> =>
  (await selectExpired(connection, { now: instantToDatabase(now) })).map(({ id }) => id);
