import type { FlowRunFacts } from '../../domain/facts';
import type { StateColumns } from '../../domain/flowRun';
import type { FlowRunId } from '../../domain/identifiers';
import type { State } from '../../domain/state';
import { type CompiledCondition, compileCondition } from '../connection/compileCondition';
import type { Database } from '../connection/database';
import type { DatabaseKind, Dialect, LockMode } from '../connection/dialect';
import { columnsOf, type SelectList, selectList } from '../connection/selectList';
import type { SqlExecutor } from '../connection/statements';
import { prefixed, type RawRow, valueOf } from '../entities/columns';
import { FlowRunEntity, policyColumns, runStateColumns } from '../entities/flowRun';
import { FlowRunStateEntity } from '../entities/state';
import { applyFlowRunFilter, type FlowRunCondition } from '../filter/applyFlowRunFilter';
import type { Lookups } from '../filter/operators';

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

const run = FlowRunEntity.columns;
const { id, deploymentId, parentTaskRunId, infrastructurePid } = run;
const ownColumns = { id, deploymentId, parentTaskRunId, infrastructurePid };
/** The fields of a state that its run's row does not store. */
const { message, data, stateDetails, actor, bulkOperationId } = FlowRunStateEntity.columns;
const currentStateColumns = { message, data, stateDetails, actor, bulkOperationId };
const currentState = prefixed(currentStateColumns, 'current_');

const factColumns = [
  ...columnsOf('run', { ...ownColumns, ...runStateColumns, ...policyColumns }),
  ...columnsOf('current_state', currentStateColumns, 'current_'),
];

const factLists = new Map<DatabaseKind, SelectList>();

/** What is selected of each run; put together once. */
function factList(dialect: Dialect): SelectList {
  const list = factLists.get(dialect.kind) ?? selectList(dialect, factColumns);
  factLists.set(dialect.kind, list);
  return list;
}

/** The current state, of which the row of the run holds a part. */
function currentStateOf(
  row: RawRow,
  { stateId, stateType, stateName, stateTimestamp }: StateColumns,
): State | null {
  if (stateId === null || stateType === null || stateName === null || stateTimestamp === null) return null;
  return {
    id: stateId,
    type: stateType,
    name: stateName,
    timestamp: stateTimestamp,
    message: valueOf(row, currentState.message),
    data: valueOf(row, currentState.data),
    stateDetails: valueOf(row, currentState.stateDetails),
    actor: valueOf(row, currentState.actor),
    bulkOperationId: valueOf(row, currentState.bulkOperationId),
  };
}

// Written out, and one spread behind the names: with the loop of `rowReader` it takes nearly twice as long, and properties that
// are added to a spread cost twenty times as much.
function factsOf(row: RawRow): FlowRunFacts {
  const columns: StateColumns = {
    stateId: valueOf(row, run.stateId),
    stateType: valueOf(row, run.stateType),
    stateName: valueOf(row, run.stateName),
    stateTimestamp: valueOf(row, run.stateTimestamp),
    runCount: valueOf(row, run.runCount),
    startTime: valueOf(row, run.startTime),
    endTime: valueOf(row, run.endTime),
    expectedStartTime: valueOf(row, run.expectedStartTime),
    nextScheduledStartTime: valueOf(row, run.nextScheduledStartTime),
    totalRunTime: valueOf(row, run.totalRunTime),
  };
  return {
    id: valueOf(row, run.id),
    deploymentId: valueOf(row, run.deploymentId),
    parentTaskRunId: valueOf(row, run.parentTaskRunId),
    infrastructurePid: valueOf(row, run.infrastructurePid),
    policy: {
      retries: valueOf(row, run.retries),
      retryDelay: valueOf(row, run.retryDelay),
      pauseKeys: valueOf(row, run.pauseKeys),
      resuming: valueOf(row, run.resuming),
      retryType: valueOf(row, run.retryType),
    },
    state: currentStateOf(row, columns),
    parentTaskRun: null,
    laterTimestamps: [],
    parentLaterTimestamps: [],
    ...columns,
  };
}

/** A filter, for rows that are locked with their current states and for rows that are only looked up. */
interface CompiledFilter {
  locked: CompiledCondition;
  lookedUp: CompiledCondition;
}

function compileFilter({ writer }: Database, filter: FlowRunCondition): CompiledFilter {
  const lookups = { currentState: 'current_state' } as const;
  const compile = (read: Partial<Lookups>) =>
    compileCondition(writer, FlowRunEntity, 'run', query => applyFlowRunFilter(query, filter, read));
  const locked = compile(lookups);
  // Few filters read the state itself. All others are the same for both.
  const readsState = locked.sql.includes(`${lookups.currentState}.`);
  const lookedUp = readsState ? compile({}) : locked;
  return { locked, lookedUp };
}

const whereOf = ({ sql }: CompiledCondition): string => (sql === '' ? '' : ` WHERE ${sql}`);

/** Where the rows come from. */
interface Source {
  /** The id that was asked for; it is set for runs that are gone, too. */
  requestedId: string;
  from: string;
  where: string;
  parameters: unknown[];
}

/** Compares with a list of ids. */
function amongIds(dialect: Dialect, ids: readonly FlowRunId[]): CompiledCondition {
  const { sql, value } = dialect.inList('ids', ids);
  return typeof value === 'string'
    ? { sql: sql.replace(':ids', '?'), parameters: [value] }
    : { sql: `IN (${value.map(() => '?').join(', ')})`, parameters: [...value] };
}

function sourceOf(database: Database, runs: FlowRunSelection, { lookedUp }: CompiledFilter): Source {
  const { dialect } = database;
  if ('newest' in runs) {
    const newest = `SELECT run.id FROM flow_run run${whereOf(lookedUp)} ORDER BY run.id DESC LIMIT ${runs.newest}`;
    return {
      requestedId: 'picked.id',
      // What the inner SELECT reads is not locked; the outer joins keep each database from beginning anywhere else, so that
      // rows are locked as the inner SELECT's come out of their sorting.
      from: `(${newest}) picked LEFT JOIN flow_run run${dialect.byPrimaryKey} ON run.id = picked.id`,
      where: '',
      parameters: lookedUp.parameters,
    };
  }
  const list = amongIds(dialect, runs);
  return {
    requestedId: 'run.id',
    from: `flow_run run${dialect.byPrimaryKey}`,
    where: ` WHERE run.id ${list.sql}`,
    parameters: list.parameters,
  };
}

/**
 * Reads runs with their current states in ascending order of ids, which is the order in which everybody locks them.
 * Ids without a run are left out; null stands for one of the newest that was deleted while its lock was waited for.
 *
 * Written by hand because all of the statement but its conditions is the same in every call: the query builder puts it
 * together each time, and with it 50 runs take 2 times as long on MySQL and 2.4 times on the embedded database
 * (`npm run bench -- persistence`).
 */
export async function findFlowRunFacts(
  database: Database,
  connection: SqlExecutor,
  runs: FlowRunSelection,
  filter: FlowRunCondition,
  lock: LockMode,
): Promise<FoundFlowRuns> {
  if (!('newest' in runs) && runs.length === 0) return new Map();
  const { dialect } = database;
  const compiled = compileFilter(database, filter);
  const source = sourceOf(database, runs, compiled);
  const facts = factList(dialect);
  const locked = dialect.lockClause(lock);
  // Only while a lock is waited for can a run that was selected stop matching.
  const isSure = compiled.locked.sql === '' || ('newest' in runs && locked === '');
  // With the state that is locked with its run: a look-up of its own would miss one written while the lock was waited for.
  const matches = isSure ? '' : `, CASE WHEN ${compiled.locked.sql} THEN 1 ELSE 0 END AS matches`;
  const rows: RawRow[] = await connection.query(
    `SELECT ${facts.sql}, ${source.requestedId} AS requested_id${matches} FROM ${source.from} ` +
      `LEFT JOIN flow_run_state current_state${dialect.byPrimaryKey} ON current_state.id = run.state_id` +
      `${source.where} ORDER BY ${source.requestedId}${locked}`,
    [...(isSure ? [] : compiled.locked.parameters), ...source.parameters],
  );
  const foundIn = (row: RawRow): FoundFlowRun | null => {
    const found = facts.read(row);
    return found.id === null ? null : { facts: factsOf(found), matches: isSure || Number(row.matches) === 1 };
  };
  return new Map(rows.map(row => [row.requested_id as FlowRunId, foundIn(row)]));
}
