import type { FlowRunPolicy, StateColumns } from '../domain/flowRun';
import type { DeploymentId, FlowRunId, LeaseId, TaskRunId } from '../domain/identifiers';
import { addSeconds, type Instant } from '../domain/instant';
import type { State } from '../domain/state';
import type { BatchDecision, ParentTaskRunTransition } from '../orchestration/decision';
import type {
  DeploymentFacts,
  FlowRunFacts,
  LeaseStanding,
  ParentTaskRunFacts,
} from '../orchestration/facts';
import type { Database } from './database';
import { placeholders } from './dialect';
import { instantToDatabase, type Raw, type RawRow, rowReader } from './entities/columns';
import { deploymentColumns, deploymentOf, leaseColumns } from './entities/deployment';
import { flowRunColumns, policyColumns, stateKeepingColumns } from './entities/flowRun';
import { flowRunStateColumns, stateColumns, taskRunStateColumns } from './entities/state';
import { taskRunColumns } from './entities/taskRun';
import type { CompiledFilter } from './filter/compile';
import { forNewestFirst } from './filter/newestFirst';
import { type Connection, insertRows, select, updateRows } from './statements';

/** Whether the rows that are read stay as they are until the transaction ends, or may move on at once. */
export type Hold = 'lock' | 'look';

/** Which runs: these, or so many of the newest that match a filter. */
export type FlowRunSelection = readonly FlowRunId[] | { newest: number };

/** A run as a decision finds it. */
export interface FoundFlowRun {
  facts: FlowRunFacts;
  /** Whether it matches the filter, now that nobody else can change it. */
  matches: boolean;
}

/** Runs as they were found, by id; null: there was one, and it is gone. */
export type FoundFlowRuns = ReadonlyMap<FlowRunId, FoundFlowRun | null>;

const ownColumns = {
  id: flowRunColumns.id,
  deploymentId: flowRunColumns.deploymentId,
  parentTaskRunId: flowRunColumns.parentTaskRunId,
  infrastructurePid: flowRunColumns.infrastructurePid,
};
/** What a state has beyond what its run's own row says of it. */
const heldColumns = {
  message: stateColumns.message,
  data: stateColumns.data,
  stateDetails: stateColumns.stateDetails,
};
const writtenFlowRunColumns = { ...stateKeepingColumns, ...policyColumns, updated: flowRunColumns.updated };
const writtenTaskRunColumns = { ...stateKeepingColumns, updated: taskRunColumns.updated };

const columnList = (alias: string, columns: object, prefix = ''): string =>
  (Object.values(columns) as { name: string }[])
    .map(({ name }) => `${alias}.${name} AS ${prefix}${name}`)
    .join(', ');

const factList = [
  columnList('run', { ...ownColumns, ...stateKeepingColumns, ...policyColumns }),
  columnList('current_state', heldColumns, 'held_'),
].join(', ');
const readOwn = rowReader(ownColumns);
const readStateKeeping = rowReader(stateKeepingColumns);
const readPolicy = rowReader(policyColumns);
const readHeld = rowReader(heldColumns, 'held_');

const heldStateOf = (
  row: RawRow,
  { stateId, stateType, stateName, stateTimestamp }: StateColumns,
): State | null =>
  stateId === null || stateType === null || stateName === null || stateTimestamp === null
    ? null
    : { id: stateId, type: stateType, name: stateName, timestamp: stateTimestamp, ...readHeld(row) };

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
    state: heldStateOf(row, columns),
    parentTaskRun: null,
    laterTimestamps: [],
    parentLaterTimestamps: [],
    ...columns,
  };
}

const heldState = 'LEFT JOIN flow_run_state current_state ON current_state.id = run.state_id';

/** The ids of the newest runs that match, newest first. */
export async function selectFlowRunIds(
  database: Database,
  filter: CompiledFilter | null,
  limit: number,
): Promise<FlowRunId[]> {
  const query = database.primary
    .createQueryBuilder()
    .select('run.id', 'id')
    .from('flow_run', 'run')
    .orderBy('run.id', 'DESC')
    .limit(limit);
  const condition = await forNewestFirst(database.primary, database.primary, filter);
  if (condition !== null) query.where(condition.sql, condition.parameters);
  const rows = await query.getRawMany<{ id: FlowRunId }>();
  return rows.map(({ id }) => id);
}

/** Where runs are read from, and the column that tells which run is meant, be it there or gone. */
function sourceOf(
  { dialect }: Database,
  runs: FlowRunSelection,
  filter: CompiledFilter | null,
): { from: string; meant: string; parameters: Record<string, unknown> } {
  if (!('newest' in runs)) {
    const { sql, value } = dialect.inList('ids', runs);
    return {
      from: `flow_run run ${heldState} WHERE run.id ${sql}`,
      meant: 'run.id',
      parameters: { ids: value },
    };
  }
  // What the inner SELECT reads is not locked; the outer joins keep each database from beginning anywhere else, so that
  // rows are locked as the inner SELECT's come out of their sorting.
  const where = filter === null ? '' : ` WHERE ${filter.sql}`;
  const newest = `SELECT run.id FROM flow_run run${where} ORDER BY run.id DESC LIMIT :newest`;
  return {
    from: `(${newest}) picked LEFT JOIN flow_run run ON run.id = picked.id ${heldState}`,
    meant: 'picked.id',
    parameters: { newest: runs.newest },
  };
}

/**
 * Reads runs with their current states in ascending order of ids, which is the order in which everybody locks them.
 * Ids without a run are left out; null stands for one of the newest that was deleted while its lock was waited for.
 */
export async function findFlowRuns(
  database: Database,
  connection: Connection,
  runs: FlowRunSelection,
  filter: CompiledFilter | null,
  hold: Hold,
): Promise<FoundFlowRuns> {
  if (!('newest' in runs) && runs.length === 0) return new Map();
  const { from, meant, parameters } = sourceOf(database, runs, filter);
  const suffix = hold === 'lock' ? database.dialect.forUpdate : '';
  // Only while a lock is waited for can a run that was selected stop matching.
  const isSure = filter === null || ('newest' in runs && suffix === '');
  const matches = isSure ? '1' : `CASE WHEN ${filter.sql} THEN 1 ELSE 0 END`;
  const rows = await select(
    database.writer,
    connection,
    `SELECT ${factList}, ${meant} AS meant_id, ${matches} AS matches FROM ${from} ORDER BY ${meant}${suffix}`,
    { ...filter?.parameters, ...parameters },
  );
  const foundIn = (row: RawRow): FoundFlowRun | null =>
    row.id === null ? null : { facts: factsOf(row), matches: Number(row.matches) === 1 };
  return new Map(rows.map(row => [row.meant_id as FlowRunId, foundIn(row)]));
}

const parentTaskRunColumns = {
  id: taskRunColumns.id,
  flowRunId: taskRunColumns.flowRunId,
  ...stateKeepingColumns,
};
const readParentTaskRun = rowReader(parentTaskRunColumns);

/** Reads task runs in ascending order of ids. */
export async function findTaskRuns(
  database: Database,
  connection: Connection,
  ids: readonly TaskRunId[],
  hold: Hold,
): Promise<Map<TaskRunId, ParentTaskRunFacts>> {
  if (ids.length === 0) return new Map();
  const rows: RawRow[] = await connection.query(
    `SELECT ${columnList('task_run', parentTaskRunColumns)} FROM task_run WHERE id IN (${placeholders(ids)}) ORDER BY id` +
      (hold === 'lock' ? database.dialect.forUpdate : ''),
    [...ids],
  );
  return new Map(rows.map(readParentTaskRun).map(taskRun => [taskRun.id, taskRun]));
}

/**
 * Reads deployments in ascending order of ids. Only those with a limit are locked, for they alone have slots to share:
 * the others would only make calls wait for each other.
 */
export async function findDeployments(
  database: Database,
  connection: Connection,
  ids: readonly DeploymentId[],
  hold: Hold,
): Promise<Map<DeploymentId, DeploymentFacts>> {
  const find = async (
    wanted: readonly DeploymentId[],
    suffix: string,
  ): Promise<[DeploymentId, DeploymentFacts][]> => {
    if (wanted.length === 0) return [];
    const rows: RawRow[] = await connection.query(
      `SELECT ${columnList('deployment', deploymentColumns)} FROM deployment ` +
        `WHERE id IN (${placeholders(wanted)}) ORDER BY id${suffix}`,
      [...wanted],
    );
    return rows.map(deploymentOf).map(deployment => [deployment.id, deployment]);
  };
  const found = new Map(await find(ids, ''));
  if (hold === 'look' || database.dialect.forUpdate === '') return found;
  const limited = [...found.values()]
    .filter(({ concurrencyLimit }) => concurrencyLimit !== null)
    .map(({ id }) => id);
  for (const [id, deployment] of await find(limited, database.dialect.forUpdate)) found.set(id, deployment);
  return found;
}

/** How those of these leases stand that there are, in ascending order of ids. */
export async function findLeases(
  database: Database,
  connection: Connection,
  ids: readonly LeaseId[],
  hold: Hold,
): Promise<Map<LeaseId, LeaseStanding>> {
  if (ids.length === 0) return new Map();
  const rows: RawRow[] = await connection.query(
    `SELECT id, revoked FROM concurrency_lease WHERE id IN (${placeholders(ids)}) ORDER BY id` +
      (hold === 'lock' ? database.dialect.forUpdate : ''),
    [...ids],
  );
  return new Map(rows.map(({ id, revoked }) => [id as LeaseId, revoked === null ? 'holding' : 'revoked']));
}

/** The timestamps, from an instant on, that states of these runs have already. */
export async function findLaterTimestamps<Id extends FlowRunId | TaskRunId>(
  connection: Connection,
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
    timestamps.push(flowRunStateColumns.timestamp.read(timestamp ?? null));
    found.set(id as Id, timestamps);
  }
  return found;
}

const stateRow = <Owner extends object>(state: State, owner: Owner) => ({
  id: state.id,
  type: state.type,
  name: state.name,
  timestamp: state.timestamp,
  message: state.message,
  data: state.data,
  stateDetails: state.stateDetails,
  ...owner,
});

const writtenRow = (
  columns: StateColumns,
  { retries, retryDelay, pauseKeys, resuming, retryType }: FlowRunPolicy,
  updated: Instant,
) => ({ retries, retryDelay, pauseKeys, resuming, retryType, updated, ...columns });

/** What is in its place before an update, where all that matters is that it changes. */
const outdated = '' as Instant;

async function writeFlowRuns(
  { dialect }: Database,
  connection: Connection,
  runs: ReadonlyMap<FlowRunId, FlowRunFacts>,
  { decisions }: BatchDecision,
  now: Instant,
): Promise<void> {
  const states = decisions.flatMap(({ flowRunId, transition }) =>
    transition === null ? [] : [stateRow(transition.state, { flowRunId })],
  );
  await insertRows(connection, 'flow_run_state', flowRunStateColumns, states);
  const changes = decisions.flatMap(({ flowRunId, transition, policy }) => {
    const run = runs.get(flowRunId);
    if (run === undefined || (transition === null && policy === null)) return [];
    return {
      key: flowRunId,
      before: writtenRow(run, run.policy, outdated),
      after: writtenRow(transition?.columns ?? run, policy ?? run.policy, now),
    };
  });
  await updateRows(connection, dialect, 'flow_run', writtenFlowRunColumns, changes);
}

/** A copy of a subflow's state, and its parent task run as it was found. */
export interface ParentTaskRunCopy {
  taskRun: ParentTaskRunFacts;
  copy: ParentTaskRunTransition;
}

/** Writes the copies that parent task runs get of the states of their subflows. */
export async function writeCopies(
  { dialect }: Database,
  connection: Connection,
  copies: readonly ParentTaskRunCopy[],
  now: Instant,
): Promise<void> {
  await insertRows(
    connection,
    'task_run_state',
    taskRunStateColumns,
    copies.map(({ copy }) => stateRow(copy.state, { taskRunId: copy.taskRunId })),
  );
  const changes = copies.map(({ copy, taskRun }) => ({
    key: copy.taskRunId,
    before: { ...taskRun, updated: outdated },
    after: { ...copy.columns, updated: now },
  }));
  await updateRows(connection, dialect, 'task_run', writtenTaskRunColumns, changes);
}

const copiesOf = (
  runs: ReadonlyMap<FlowRunId, FlowRunFacts>,
  { decisions }: BatchDecision,
): ParentTaskRunCopy[] =>
  decisions.flatMap(({ flowRunId, transition }) => {
    const taskRun = runs.get(flowRunId)?.parentTaskRun;
    return transition?.parentTaskRun && taskRun ? [{ copy: transition.parentTaskRun, taskRun }] : [];
  });

/** One value for each id, as part of an UPDATE. */
const byId = (
  values: readonly (readonly [string, Raw])[],
): { sql: string; ids: string; parameters: Raw[] } => ({
  sql: `CASE id ${values.map(() => 'WHEN ? THEN ?').join(' ')} END`,
  ids: `id IN (${placeholders(values.map(([id]) => id))})`,
  parameters: [...values.flat(), ...values.map(([id]) => id)],
});

async function writeConcurrency(
  connection: Connection,
  { concurrency }: BatchDecision,
  now: Instant,
): Promise<void> {
  if (concurrency.slots.size > 0) {
    const { sql, ids, parameters } = byId([...concurrency.slots]);
    await connection.query(
      `UPDATE deployment SET active_slots = active_slots + ${sql} WHERE ${ids}`,
      parameters,
    );
  }
  const leases = concurrency.createdLeases.map(({ id, deploymentId, seconds, revoked }) => ({
    id,
    deploymentId,
    expiration: addSeconds(now, seconds),
    revoked: revoked ? now : null,
    created: now,
  }));
  await insertRows(connection, 'concurrency_lease', leaseColumns, leases);
  if (concurrency.renewedLeases.size > 0) {
    const expirations = [...concurrency.renewedLeases].map(
      ([id, seconds]) => [id, instantToDatabase(addSeconds(now, seconds))] as const,
    );
    const { sql, ids, parameters } = byId(expirations);
    await connection.query(`UPDATE concurrency_lease SET expiration = ${sql} WHERE ${ids}`, parameters);
  }
  const deleted = concurrency.deletedLeases;
  if (deleted.length > 0) {
    await connection.query(`DELETE FROM concurrency_lease WHERE id IN (${placeholders(deleted)})`, [
      ...deleted,
    ]);
  }
}

/** Writes all that a batch decided: states, columns, parent task runs, slots and leases, in a fixed number of statements. */
export async function writeDecisions(
  database: Database,
  connection: Connection,
  runs: ReadonlyMap<FlowRunId, FlowRunFacts>,
  batch: BatchDecision,
  now: Instant,
): Promise<void> {
  await writeFlowRuns(database, connection, runs, batch, now);
  await writeCopies(database, connection, copiesOf(runs, batch), now);
  await writeConcurrency(connection, batch, now);
}

/** Which of these runs match a filter now. */
export async function matchingFlowRunIds(
  { primary, dialect }: Database,
  ids: readonly FlowRunId[],
  filter: CompiledFilter | null,
): Promise<Set<FlowRunId>> {
  if (filter === null || ids.length === 0) return new Set(ids);
  const { sql, value } = dialect.inList('ids', ids);
  const rows = await select(
    primary,
    primary,
    `SELECT run.id AS id FROM flow_run run WHERE run.id ${sql} AND (${filter.sql})`,
    {
      ...filter.parameters,
      ids: value,
    },
  );
  return new Set(rows.map(({ id }) => id as FlowRunId));
}
