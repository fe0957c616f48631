import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { FlowRunId, StateId } from '../../domain/identifiers';
import type { Instant } from '../../domain/instant';
import type { State } from '../../domain/state';
import type { SqlExecutor } from '../connection/statements';
import { columnList, instantToDatabase, type RawRow, type TableSchema } from '../entities/columns';
import { ExtrasEntity } from '../entities/extras';
import { FlowRunStateEntity, stateOf, TaskRunStateEntity } from '../entities/state';

/** A part of a run's history: a number of states, newest first, before an instant. */
export interface HistoryPart {
  limit: number;
  before: Instant | null;
}

const position = 'ROW_NUMBER() OVER (PARTITION BY state.flow_run_id ORDER BY state.timestamp DESC)';
const bytesOfState = 'COALESCE(LENGTH(state.message), 0) + COALESCE(LENGTH(state.data), 0)';

/** The columns of the states in the same part of the histories of many runs, under the alias `part`. */
function queryPart(
  connection: SqlExecutor,
  ids: readonly FlowRunId[],
  { limit, before }: HistoryPart,
  columns: string,
): SelectQueryBuilder<ObjectLiteral> {
  const repository = connection.getRepository<ObjectLiteral>(FlowRunStateEntity);
  const numbered = repository
    .createQueryBuilder('state')
    .select(columns)
    .addSelect(position, 'position')
    .where('state.flow_run_id IN (:...ids)', { ids });
  if (before !== null) numbered.andWhere('state.timestamp < :before', { before: instantToDatabase(before) });
  return repository.manager
    .createQueryBuilder()
    .from(`(${numbered.getQuery()})`, 'part')
    .setParameters(numbered.getParameters())
    .where('part.position <= :limit', { limit });
}

/** The same part of the histories of many runs: the states that each is or was in, newest first. */
export async function findStateHistories(
  connection: SqlExecutor,
  ids: readonly FlowRunId[],
  part: HistoryPart,
): Promise<Map<FlowRunId, State[]>> {
  const rows: RawRow[] = await queryPart(
    connection,
    ids,
    part,
    columnList('state', FlowRunStateEntity.columns),
  )
    .select('part.*')
    .orderBy('part.flow_run_id')
    .addOrderBy('part.position')
    .getRawMany();
  const histories = new Map<FlowRunId, State[]>(ids.map(id => [id, []]));
  for (const row of rows) histories.get(row.flow_run_id as FlowRunId)?.push(stateOf(row));
  return histories;
}

const readBytes = async (query: SelectQueryBuilder<ObjectLiteral>, bytes: string): Promise<number> => {
  const row = await query.select(`SUM(${bytes})`, 'bytes').getRawOne<{ bytes: string | number | null }>();
  return Number(row?.bytes ?? 0);
};

const measure = (
  connection: SqlExecutor,
  entity: TableSchema<object>,
  alias: string,
  idColumn: string,
  ids: readonly string[],
  bytes: string,
): Promise<number> =>
  readBytes(
    connection
      .getRepository<ObjectLiteral>(entity)
      .createQueryBuilder(alias)
      .where(`${alias}.${idColumn} IN (:...ids)`, { ids }),
    bytes,
  );

/** Bytes of the messages and data in the same part of the histories of many runs, without reading them. */
export const measureStateHistories = (
  connection: SqlExecutor,
  ids: readonly FlowRunId[],
  part: HistoryPart,
): Promise<number> => readBytes(queryPart(connection, ids, part, `${bytesOfState} AS bytes`), 'part.bytes');

/** Bytes of the messages and data of flow runs' states, without reading them. */
export const measureFlowRunStates = (connection: SqlExecutor, ids: readonly StateId[]): Promise<number> =>
  measure(connection, FlowRunStateEntity, 'state', 'id', ids, bytesOfState);

/** Bytes of the messages and data of task runs' states, without reading them. */
export const measureTaskRunStates = (connection: SqlExecutor, ids: readonly StateId[]): Promise<number> =>
  measure(connection, TaskRunStateEntity, 'state', 'id', ids, bytesOfState);

/** Bytes of extras, without reading them. */
export const measureExtras = (connection: SqlExecutor, ownerIds: readonly string[]): Promise<number> =>
  measure(connection, ExtrasEntity, 'extras', 'owner_id', ownerIds, 'LENGTH(extras.content)');

/** How many states each of these runs is or was in. */
export async function countStates(
  connection: SqlExecutor,
  ids: readonly FlowRunId[],
): Promise<Map<FlowRunId, number>> {
  const rows = await connection
    .getRepository(FlowRunStateEntity)
    .createQueryBuilder('state')
    .select('state.flow_run_id', 'id')
    .addSelect('COUNT(*)', 'count')
    .where('state.flow_run_id IN (:...ids)', { ids })
    .groupBy('state.flow_run_id')
    .getRawMany<{ id: FlowRunId; count: string | number }>();
  return new Map(rows.map(({ id, count }) => [id, Number(count)]));
}
