import { In } from 'typeorm';
import type { BatchDecision, ParentTaskRunTransition } from '../../domain/decision';
import type { FlowRunFacts, ParentTaskRunFacts } from '../../domain/facts';
import type { FlowRunPolicy, StateColumns } from '../../domain/flowRun';
import type { DeploymentId, FlowRunId, LeaseId } from '../../domain/identifiers';
import { addSeconds, type Instant } from '../../domain/instant';
import type { State } from '../../domain/state';
import { caseById } from '../connection/caseById';
import type { Database } from '../connection/database';
import { insertRows } from '../connection/hotInsertRows';
import { updateRows } from '../connection/hotUpdateRows';
import type { SqlExecutor } from '../connection/statements';
import { instantToDatabase } from '../entities/columns';
import { DeploymentEntity, LeaseEntity } from '../entities/deployment';
import { FlowRunEntity, policyColumns, runStateColumns } from '../entities/flowRun';
import { FlowRunStateEntity, flowRunStateColumnsOf, TaskRunStateEntity } from '../entities/state';
import { TaskRunEntity } from '../entities/taskRun';

const writtenOfFlowRuns = {
  tableName: FlowRunEntity.tableName,
  columns: { ...runStateColumns, ...policyColumns, updated: FlowRunEntity.columns.updated },
};
const writtenOfTaskRuns = {
  tableName: TaskRunEntity.tableName,
  columns: { ...runStateColumns, updated: TaskRunEntity.columns.updated },
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

const equivalentCommands = (
  runs: ReadonlyMap<FlowRunId, FlowRunFacts>,
  { decisions }: BatchDecision,
): ParentTaskRunCopy[] =>
  decisions.flatMap(({ flowRunId, transition }) => {
    const taskRun = runs.get(flowRunId)?.parentTaskRun;
    return transition?.parentTaskRun && taskRun ? [{ copy: transition.parentTaskRun, taskRun }] : [];
  });

async function moveSlots(connection: SqlExecutor, slots: ReadonlyMap<DeploymentId, number>): Promise<void> {
  if (slots.size === 0) return;
  const { sql, parameters } = caseById(slots);
  await connection
    .getRepository(DeploymentEntity)
    .createQueryBuilder()
    .update()
    .set({ activeSlots: () => `active_slots + ${sql}` })
    .where({ id: In([...slots.keys()]) })
    .setParameters(parameters)
    .execute();
}

async function renewLeases(
  connection: SqlExecutor,
  renewed: ReadonlyMap<LeaseId, number>,
  now: Instant,
): Promise<void> {
  if (renewed.size === 0) return;
  const expirations = [...renewed].map(
    ([id, seconds]) => [id, instantToDatabase(addSeconds(now, seconds))] as const,
  );
  const { sql, parameters } = caseById(new Map(expirations));
  await connection
    .getRepository(LeaseEntity)
    .createQueryBuilder()
    .update()
    .set({ expiration: () => sql })
    .where({ id: In([...renewed.keys()]) })
    .setParameters(parameters)
    .execute();
}

async function writeConcurrency(
  connection: SqlExecutor,
  { concurrency }: BatchDecision,
  now: Instant,
): Promise<void> {
  await moveSlots(connection, concurrency.slots);
  const leases = concurrency.createdLeases.map(({ id, deploymentId, seconds, revoked }) => ({
    id,
    deploymentId,
    expiration: addSeconds(now, seconds),
    revoked: revoked ? now : null,
    created: now,
  }));
  await insertRows(connection, LeaseEntity, leases);
  await renewLeases(connection, concurrency.renewedLeases, now);
  const deleted = concurrency.deletedLeases;
  if (deleted.length > 0) await connection.getRepository(LeaseEntity).delete({ id: In([...deleted]) });
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
  await writeCopies(database, connection, equivalentCommands(runs, batch), now);
  await writeConcurrency(connection, batch, now);
}
