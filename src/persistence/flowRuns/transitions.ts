import type { BatchDecision, ParentTaskRunTransition } from '../../domain/decision';
import type { FlowRunFacts, ParentTaskRunFacts } from '../../domain/facts';
import type { FlowRunPolicy, StateColumns } from '../../domain/flowRun';
import type { FlowRunId } from '../../domain/identifiers';
import { addSeconds, type Instant } from '../../domain/instant';
import type { State } from '../../domain/state';
import type { Database } from '../connection/database';
import { placeholders } from '../connection/dialect';
import { insertRows } from '../connection/hotInsertRows';
import { updateRows } from '../connection/hotUpdateRows';
import type { SqlExecutor } from '../connection/statements';
import { instantToDatabase, type Raw } from '../entities/columns';
import { LeaseEntity } from '../entities/deployment';
import { FlowRunEntity, policyColumns, stateKeepingColumns } from '../entities/flowRun';
import { FlowRunStateEntity, flowRunStateColumnsOf, TaskRunStateEntity } from '../entities/state';
import { TaskRunEntity } from '../entities/taskRun';

const writtenOfFlowRuns = {
  tableName: FlowRunEntity.tableName,
  columns: { ...stateKeepingColumns, ...policyColumns, updated: FlowRunEntity.columns.updated },
};
const writtenOfTaskRuns = {
  tableName: TaskRunEntity.tableName,
  columns: { ...stateKeepingColumns, updated: TaskRunEntity.columns.updated },
};

const stateRow = <Owner extends object>(state: State, owner: Owner) => ({
  id: state.id,
  type: state.type,
  name: state.name,
  timestamp: state.timestamp,
  message: state.message,
  data: state.data,
  stateDetails: state.stateDetails,
  actor: state.actor,
  bulkOperationId: state.bulkOperationId,
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
  connection: SqlExecutor,
  runs: ReadonlyMap<FlowRunId, FlowRunFacts>,
  { decisions }: BatchDecision,
  now: Instant,
): Promise<void> {
  const states = decisions.flatMap(({ flowRunId, transition }) =>
    transition === null
      ? []
      : [stateRow(transition.state, flowRunStateColumnsOf(transition.state, flowRunId))],
  );
  await insertRows(connection, FlowRunStateEntity, states);
  const changes = decisions.flatMap(({ flowRunId, transition, policy }) => {
    const run = runs.get(flowRunId);
    if (run === undefined || (transition === null && policy === null)) return [];
    return {
      key: flowRunId,
      before: writtenRow(run, run.policy, outdated),
      after: writtenRow(transition?.columns ?? run, policy ?? run.policy, now),
    };
  });
  await updateRows(connection, dialect, writtenOfFlowRuns, changes);
}

/** A copy of a subflow's state, and its parent task run as it was found. */
export interface ParentTaskRunCopy {
  taskRun: ParentTaskRunFacts;
  copy: ParentTaskRunTransition;
}

/** Writes the copies that parent task runs get of the states of their subflows. */
export async function writeCopies(
  { dialect }: Database,
  connection: SqlExecutor,
  copies: readonly ParentTaskRunCopy[],
  now: Instant,
): Promise<void> {
  await insertRows(
    connection,
    TaskRunStateEntity,
    copies.map(({ copy }) => stateRow(copy.state, { taskRunId: copy.taskRunId })),
  );
  const changes = copies.map(({ copy, taskRun }) => ({
    key: copy.taskRunId,
    before: { ...taskRun, updated: outdated },
    after: { ...copy.columns, updated: now },
  }));
  await updateRows(connection, dialect, writtenOfTaskRuns, changes);
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
  connection: SqlExecutor,
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
  await insertRows(connection, LeaseEntity, leases);
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
  connection: SqlExecutor,
  runs: ReadonlyMap<FlowRunId, FlowRunFacts>,
  batch: BatchDecision,
  now: Instant,
): Promise<void> {
  await writeFlowRuns(database, connection, runs, batch, now);
  await writeCopies(database, connection, copiesOf(runs, batch), now);
  await writeConcurrency(connection, batch, now);
}
