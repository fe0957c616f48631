import type { FlowRunFacts } from '../../domain/facts';
import type { StateColumns } from '../../domain/flowRun';
import type { FlowRunId } from '../../domain/identifiers';
import type { State } from '../../domain/state';
import type { Database } from '../connection/database';
import type { DatabaseKind, Dialect, LockMode } from '../connection/dialect';
import { columnsOf, type SelectList, selectList } from '../connection/selectList';
import type { SqlExecutor } from '../connection/statements';
import { prefixed, type Raw, type RawRow, valueOf } from '../entities/columns';
import { FlowRunEntity, policyColumns, runStateColumns } from '../entities/flowRun';
import { FlowRunStateEntity } from '../entities/state';
import { type FlowRunCondition, filtersIn } from '../filter/applyFlowRunFilter';
import { type CompiledCondition, compileFlowRunFilter } from '../filter/compileFlowRunFilter';

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

const whereOf = ({ sql }: CompiledCondition): string => (sql === '' ? '' : ` WHERE ${sql}`);

/** Where the rows come from. */
interface Source {
  /** The id that was asked for; it is set for runs that are gone, too. */
  requestedId: string;
  from: string;
  where: string;
  parameters: readonly Raw[];
}

function sourceOf(dialect: Dialect, runs: FlowRunSelection, filter: FlowRunCondition): Source {
  const locked = `flow_run run${dialect.byPrimaryKey}`;
  if ('newest' in runs) {
    const matching = compileFlowRunFilter(dialect, filter);
    const newest = `SELECT run.id FROM flow_run run${whereOf(matching)} ORDER BY run.id DESC LIMIT ${runs.newest}`;
    return {
      requestedId: 'picked.id',
      // What the inner SELECT reads is not locked; the outer joins keep each database from beginning anywhere else, so that
      // rows are locked as the inner SELECT's come out of their sorting.
      from: `(${newest}) picked LEFT JOIN ${locked} ON run.id = picked.id`,
      where: '',
      parameters: matching.parameters,
    };
  }
  const listed = compileFlowRunFilter(dialect, { id: { any: runs } });
  return { requestedId: 'run.id', from: locked, where: whereOf(listed), parameters: listed.parameters };
}

/** A filter without what holds for a run for ever once it matches: its id, which is often all that a filter has, 50 times over. */
const withoutIds = (filter: FlowRunCondition): FlowRunCondition =>
  typeof filter === 'function'
    ? filter
    : filtersIn(filter).map(one => (one.operator === 'OR' ? one : { ...one, id: null }));

/** What a run must still match, now that it is locked. Only while a lock is waited for can one that was selected change. */
function stillToMatch(
  runs: FlowRunSelection,
  filter: FlowRunCondition,
  lockClause: string,
): FlowRunCondition {
  if (!('newest' in runs)) return filter;
  return lockClause === '' ? null : withoutIds(filter);
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
  { dialect }: Database,
  connection: SqlExecutor,
  runs: FlowRunSelection,
  filter: FlowRunCondition,
  lock: LockMode,
): Promise<FoundFlowRuns> {
  if (!('newest' in runs) && runs.length === 0) return new Map();
  const source = sourceOf(dialect, runs, filter);
  const facts = factList(dialect);
  const lockClause = dialect.lockClause(lock);
  // With the state that is locked with its run: a look-up of its own would miss one written while the lock was waited for.
  const rest = compileFlowRunFilter(dialect, stillToMatch(runs, filter, lockClause), {
    currentState: 'current_state',
  });
  const isSure = rest.sql === '';
  const matches = isSure ? '' : `, CASE WHEN ${rest.sql} THEN 1 ELSE 0 END AS matches`;
  const rows: RawRow[] = await connection.query(
    `SELECT ${facts.sql}, ${source.requestedId} AS requested_id${matches} FROM ${source.from} ` +
      `LEFT JOIN flow_run_state current_state${dialect.byPrimaryKey} ON current_state.id = run.state_id` +
      `${source.where} ORDER BY ${source.requestedId}${lockClause}`,
    [...rest.parameters, ...source.parameters],
  );
  const foundIn = (row: RawRow): FoundFlowRun | null => {
    const found = facts.read(row);
    return found.id === null ? null : { facts: factsOf(found), matches: isSure || Number(row.matches) === 1 };
  };
  return new Map(rows.map(row => [row.requested_id as FlowRunId, foundIn(row)]));
}
