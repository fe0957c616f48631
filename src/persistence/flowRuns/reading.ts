import type { Deployment, Flow, FlowRun, TaskRun } from '../../domain/flowRun';
import type { DeploymentId, FlowId, FlowRunId, StateId, TaskRunId } from '../../domain/identifiers';
import type { Instant } from '../../domain/instant';
import type { State } from '../../domain/state';
import { placeholders } from '../connection/dialect';
import type { SqlExecutor } from '../connection/statements';
import { instantToDatabase, type RawRow } from '../entities/columns';
import { deploymentOf, flowOf } from '../entities/deployment';
import { FlowRunEntity, flowRunOf } from '../entities/flowRun';
import { stateOf } from '../entities/state';
import { TaskRunEntity } from '../entities/taskRun';
import { readLargeParameters, smallParameters } from './largeParameters';

async function findByIds<Found>(
  connection: SqlExecutor,
  table: string,
  read: (row: RawRow) => Found,
  ids: readonly string[],
): Promise<Found[]> {
  if (ids.length === 0) return [];
  const rows: RawRow[] = await connection.query(`SELECT * FROM ${table} WHERE id IN (${placeholders(ids)})`, [
    ...ids,
  ]);
  return rows.map(read);
}

// Rows of each table by id, in no set order; ids without a row are left out.

export const findFlowsByIds = (connection: SqlExecutor, ids: readonly FlowId[]): Promise<Flow[]> =>
  findByIds(connection, 'flow', flowOf, ids);

export const findDeploymentsByIds = (
  connection: SqlExecutor,
  ids: readonly DeploymentId[],
): Promise<Deployment[]> => findByIds(connection, 'deployment', deploymentOf, ids);

export const findTaskRunsByIds = (connection: SqlExecutor, ids: readonly TaskRunId[]): Promise<TaskRun[]> =>
  findByIds(connection, 'task_run', TaskRunEntity.read, ids);

export const findFlowRunsByIds = (connection: SqlExecutor, ids: readonly FlowRunId[]): Promise<FlowRun[]> =>
  findByIds(connection, 'flow_run', flowRunOf, ids);

/** The same of runs whose parameters are measured before they are read; see `readLargeParameters`. */
export async function findFlowRunsWithin(
  connection: SqlExecutor,
  ids: readonly FlowRunId[],
  spend: (bytes: number) => void,
): Promise<FlowRun[]> {
  if (ids.length === 0) return [];
  const columns = Object.values(FlowRunEntity.columns).map(({ name }) =>
    name === 'parameters' ? `${smallParameters} AS parameters` : `run.${name}`,
  );
  const rows: RawRow[] = await connection.query(
    `SELECT ${columns.join(', ')} FROM flow_run run WHERE run.id IN (${placeholders(ids)})`,
    [...ids],
  );
  return (await readLargeParameters(connection, rows, spend)).map(flowRunOf);
}

export const findFlowRunStatesByIds = (connection: SqlExecutor, ids: readonly StateId[]): Promise<State[]> =>
  findByIds(connection, 'flow_run_state', stateOf, ids);

export const findTaskRunStatesByIds = (connection: SqlExecutor, ids: readonly StateId[]): Promise<State[]> =>
  findByIds(connection, 'task_run_state', stateOf, ids);

/** A part of a run's history: a number of states, newest first, before an instant. */
export interface HistoryPart {
  limit: number;
  before: Instant | null;
}

/** The same part of the histories of many runs: the states that each is or was in, newest first. */
export async function findStateHistories(
  connection: SqlExecutor,
  ids: readonly FlowRunId[],
  { limit, before }: HistoryPart,
): Promise<Map<FlowRunId, State[]>> {
  const rows: RawRow[] = await connection.query(
    'SELECT * FROM (SELECT state.*, ROW_NUMBER() OVER (PARTITION BY flow_run_id ORDER BY timestamp DESC) AS place ' +
      `FROM flow_run_state state WHERE flow_run_id IN (${placeholders(ids)})` +
      `${before === null ? '' : ' AND timestamp < ?'}) placed WHERE place <= ? ORDER BY flow_run_id, place`,
    before === null ? [...ids, limit] : [...ids, instantToDatabase(before), limit],
  );
  const histories = new Map<FlowRunId, State[]>(ids.map(id => [id, []]));
  for (const row of rows) histories.get(row.flow_run_id as FlowRunId)?.push(stateOf(row));
  return histories;
}

const bytesOfState = 'COALESCE(LENGTH(message), 0) + COALESCE(LENGTH(data), 0)';

const readBytes = async (connection: SqlExecutor, sql: string, parameters: unknown[]): Promise<number> => {
  const [row]: { bytes: string | number | null }[] = await connection.query(sql, parameters);
  return Number(row?.bytes ?? 0);
};

/** Bytes of the messages and data in the same part of the histories of many runs, without reading them. */
export const measureStateHistories = (
  connection: SqlExecutor,
  ids: readonly FlowRunId[],
  { limit, before }: HistoryPart,
): Promise<number> =>
  readBytes(
    connection,
    `SELECT SUM(bytes) AS bytes FROM (SELECT ${bytesOfState} AS bytes, ` +
      'ROW_NUMBER() OVER (PARTITION BY flow_run_id ORDER BY timestamp DESC) AS place ' +
      `FROM flow_run_state WHERE flow_run_id IN (${placeholders(ids)})` +
      `${before === null ? '' : ' AND timestamp < ?'}) placed WHERE place <= ?`,
    before === null ? [...ids, limit] : [...ids, instantToDatabase(before), limit],
  );

/** Bytes of the messages and data of states, without reading them. */
export const measureStates = (
  connection: SqlExecutor,
  table: 'flow_run_state' | 'task_run_state',
  ids: readonly StateId[],
): Promise<number> =>
  readBytes(
    connection,
    `SELECT SUM(${bytesOfState}) AS bytes FROM ${table} WHERE id IN (${placeholders(ids)})`,
    [...ids],
  );

/** Bytes of extras, without reading them. */
export const measureExtras = (connection: SqlExecutor, ownerIds: readonly string[]): Promise<number> =>
  readBytes(
    connection,
    `SELECT SUM(LENGTH(content)) AS bytes FROM extras WHERE owner_id IN (${placeholders(ownerIds)})`,
    [...ownerIds],
  );

/** How many states each of these runs is or was in. */
export async function countStates(
  connection: SqlExecutor,
  ids: readonly FlowRunId[],
): Promise<Map<FlowRunId, number>> {
  const rows: { id: FlowRunId; count: string | number }[] = await connection.query(
    `SELECT flow_run_id AS id, COUNT(*) AS count FROM flow_run_state WHERE flow_run_id IN (${placeholders(ids)}) ` +
      'GROUP BY flow_run_id',
    [...ids],
  );
  return new Map(rows.map(({ id, count }) => [id, Number(count)]));
}
