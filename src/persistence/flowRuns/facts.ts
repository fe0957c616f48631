import type { DeploymentFacts, FlowRunFacts, LeaseStanding, ParentTaskRunFacts } from '../../domain/facts';
import type { StateColumns } from '../../domain/flowRun';
import type { DeploymentId, FlowRunId, LeaseId, StateId, TaskRunId } from '../../domain/identifiers';
import type { Instant } from '../../domain/instant';
import type { State } from '../../domain/state';
import type { Database } from '../connection/database';
import { type LockMode, placeholders } from '../connection/dialect';
import { LockingQuery } from '../connection/lockingQuery';
import { type SqlExecutor, selectRows } from '../connection/statements';
import { instantToDatabase, type RawRow, rowReader } from '../entities/columns';
import { DeploymentEntity, LeaseEntity } from '../entities/deployment';
import { FlowRunEntity, type FlowRunRow, policyColumns, stateKeepingColumns } from '../entities/flowRun';
import { FlowRunStateEntity } from '../entities/state';
import { TaskRunEntity } from '../entities/taskRun';
import { applyFlowRunFilter, type FlowRunCondition, hasConditions } from '../filter/applyFlowRunFilter';

/** The runs: these, or a number of the newest that match a filter. */
export type FlowRunSelection = readonly FlowRunId[] | { newest: number };

/** A run as a decision finds it. */
export interface FoundFlowRun {
  facts: FlowRunFacts;
  /** Whether it matches the filter after it was locked. */
  matches: boolean;
}

/** Runs as they were found, by id; null: there was one, and it is gone. */
export type FoundFlowRuns = ReadonlyMap<FlowRunId, FoundFlowRun | null>;

const ownColumns = {
  id: FlowRunEntity.columns.id,
  deploymentId: FlowRunEntity.columns.deploymentId,
  parentTaskRunId: FlowRunEntity.columns.parentTaskRunId,
  infrastructurePid: FlowRunEntity.columns.infrastructurePid,
};
/** The fields of a state that its run's row does not store. */
const currentStateColumns = {
  message: FlowRunStateEntity.columns.message,
  data: FlowRunStateEntity.columns.data,
  stateDetails: FlowRunStateEntity.columns.stateDetails,
};

const columnList = (alias: string, columns: object, prefix = ''): string =>
  (Object.values(columns) as { name: string }[])
    .map(({ name }) => `${alias}.${name} AS ${prefix}${name}`)
    .join(', ');

const factList = [
  columnList('run', { ...ownColumns, ...stateKeepingColumns, ...policyColumns }),
  columnList('current_state', currentStateColumns, 'current_'),
].join(', ');
const readOwn = rowReader(ownColumns);
const readStateKeeping = rowReader(stateKeepingColumns);
const readPolicy = rowReader(policyColumns);
const readCurrentState = rowReader(currentStateColumns, 'current_');

const currentStateOf = (
  row: RawRow,
  { stateId, stateType, stateName, stateTimestamp }: StateColumns,
): State | null =>
  stateId === null || stateType === null || stateName === null || stateTimestamp === null
    ? null
    : { id: stateId, type: stateType, name: stateName, timestamp: stateTimestamp, ...readCurrentState(row) };

// Names first, and one spread behind them: properties that are added to a spread cost twenty times as much.
function factsOf(row: RawRow): FlowRunFacts {
  const { id, deploymentId, parentTaskRunId, infrastructurePid } = readOwn(row);
  const columns = readStateKeeping(row);
  return {
    id,
    deploymentId,
    parentTaskRunId,
    infrastructurePid,
    policy: readPolicy(row),
    state: currentStateOf(row, columns),
    parentTaskRun: null,
    laterTimestamps: [],
    parentLaterTimestamps: [],
    ...columns,
  };
}

/** Runs with their current states, in ascending order of ids; `requested_id` is set for runs that are gone, too. */
function queryRuns(
  { writer, dialect }: Database,
  runs: FlowRunSelection,
  filter: FlowRunCondition,
): LockingQuery<FlowRunRow> {
  const query = new LockingQuery<FlowRunRow>(writer).select(factList);
  if ('newest' in runs) {
    const newest = writer.createQueryBuilder(FlowRunEntity, 'run').select('run.id', 'id');
    applyFlowRunFilter(newest, filter).orderBy('run.id', 'DESC').limit(runs.newest);
    // What the inner SELECT reads is not locked; the outer joins keep each database from beginning anywhere else, so that
    // rows are locked as the inner SELECT's come out of their sorting.
    query
      .addSelect('picked.id', 'requested_id')
      .from(`(${newest.getQuery()})`, 'picked')
      .setParameters(newest.getParameters())
      .leftJoin('flow_run', 'run', 'run.id = picked.id')
      .orderBy('picked.id');
  } else {
    const { sql, value } = dialect.inList('ids', runs);
    query
      .addSelect('run.id', 'requested_id')
      .from(FlowRunEntity, 'run')
      .where(`run.id ${sql}`, { ids: value })
      .orderBy('run.id');
  }
  return query.leftJoin('flow_run_state', 'current_state', 'current_state.id = run.stateId');
}

/** The state that a run is in, by its id alone; null if the run has none or is gone. */
export async function findStateId(connection: SqlExecutor, id: FlowRunId): Promise<StateId | null> {
  const [row]: RawRow[] = await connection.query('SELECT state_id FROM flow_run WHERE id = ?', [id]);
  return (row?.state_id ?? null) as StateId | null;
}

/**
 * Reads runs with their current states in ascending order of ids, which is the order in which everybody locks them.
 * Ids without a run are left out; null stands for one of the newest that was deleted while its lock was waited for.
 */
export async function findFlowRunFacts(
  database: Database,
  connection: SqlExecutor,
  runs: FlowRunSelection,
  filter: FlowRunCondition,
  lock: LockMode,
): Promise<FoundFlowRuns> {
  if (!('newest' in runs) && runs.length === 0) return new Map();
  const query = queryRuns(database, runs, filter).lockByPrimaryKey(lock);
  // Only while a lock is waited for can a run that was selected stop matching.
  const isSure = !hasConditions(filter) || ('newest' in runs && !query.locksRows);
  if (!isSure) {
    // The state that is locked with its run: a look-up of its own would miss one written while the lock was waited for.
    const currentState = 'current_state';
    query.selectWhether(whether => applyFlowRunFilter(whether, filter, { currentState }), 'matches');
  }
  const rows = await selectRows(connection, query);
  const foundIn = (row: RawRow): FoundFlowRun | null =>
    row.id === null ? null : { facts: factsOf(row), matches: isSure || Number(row.matches) === 1 };
  return new Map(rows.map(row => [row.requested_id as FlowRunId, foundIn(row)]));
}

const parentTaskRunColumns = {
  id: TaskRunEntity.columns.id,
  flowRunId: TaskRunEntity.columns.flowRunId,
  ...stateKeepingColumns,
};
const readParentTaskRun = rowReader(parentTaskRunColumns);

/** Reads task runs in ascending order of ids. */
export async function findTaskRunFacts(
  database: Database,
  connection: SqlExecutor,
  ids: readonly TaskRunId[],
  lock: LockMode,
): Promise<Map<TaskRunId, ParentTaskRunFacts>> {
  if (ids.length === 0) return new Map();
  const columns = columnList('task_run', parentTaskRunColumns);
  const rows = await selectRows(
    connection,
    LockingQuery.ofIds(database.writer, 'task_run', columns, ids, lock),
  );
  return new Map(rows.map(readParentTaskRun).map(taskRun => [taskRun.id, taskRun]));
}

/**
 * Reads deployments in ascending order of ids. Only those with a limit are locked, for they alone have slots to share:
 * the others would only make calls wait for each other.
 */
export async function findDeploymentFacts(
  database: Database,
  connection: SqlExecutor,
  ids: readonly DeploymentId[],
  lock: LockMode,
): Promise<Map<DeploymentId, DeploymentFacts>> {
  const find = async (
    wanted: readonly DeploymentId[],
    mode: LockMode,
  ): Promise<[DeploymentId, DeploymentFacts][]> => {
    if (wanted.length === 0) return [];
    const columns = columnList('deployment', DeploymentEntity.columns);
    const rows = await selectRows(
      connection,
      LockingQuery.ofIds(database.writer, 'deployment', columns, wanted, mode),
    );
    return rows.map(DeploymentEntity.read).map(deployment => [deployment.id, deployment]);
  };
  const found = new Map(await find(ids, 'none'));
  if (lock === 'none' || database.kind === 'embedded') return found;
  const limited = [...found.values()]
    .filter(({ concurrencyLimit }) => concurrencyLimit !== null)
    .map(({ id }) => id);
  for (const [id, deployment] of await find(limited, lock)) found.set(id, deployment);
  return found;
}

/** Reads the status of the leases that exist, in ascending order of ids. */
export async function findLeaseStandings(
  database: Database,
  connection: SqlExecutor,
  ids: readonly LeaseId[],
  lock: LockMode,
): Promise<Map<LeaseId, LeaseStanding>> {
  if (ids.length === 0) return new Map();
  const columns = columnList('concurrency_lease', {
    id: LeaseEntity.columns.id,
    revoked: LeaseEntity.columns.revoked,
  });
  const rows = await selectRows(
    connection,
    LockingQuery.ofIds(database.writer, 'concurrency_lease', columns, ids, lock),
  );
  return new Map(rows.map(({ id, revoked }) => [id as LeaseId, revoked === null ? 'holding' : 'revoked']));
}

/** The timestamps, from an instant on, that states of these runs already use. */
export async function findLaterTimestamps<Id extends FlowRunId | TaskRunId>(
  connection: SqlExecutor,
  noun: 'flow_run' | 'task_run',
  ids: readonly Id[],
  from: Instant,
): Promise<Map<Id, Instant[]>> {
  const found = new Map<Id, Instant[]>();
  if (ids.length === 0) return found;
  const rows: RawRow[] = await connection.query(
    `SELECT ${noun}_id AS id, timestamp FROM ${noun}_state WHERE ${noun}_id IN (${placeholders(ids)}) AND timestamp >= ?`,
    [...ids, instantToDatabase(from)],
  );
  for (const { id, timestamp } of rows) {
    const timestamps = found.get(id as Id) ?? [];
    timestamps.push(FlowRunStateEntity.columns.timestamp.read(timestamp ?? null));
    found.set(id as Id, timestamps);
  }
  return found;
}
