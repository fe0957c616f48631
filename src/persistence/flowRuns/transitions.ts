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

const { tableName } = FlowRunEntity;
const runState = { tableName, columns: runStateColumns };
const runStateAndPolicy = { tableName, columns: { ...runStateColumns, ...policyColumns } };
const taskRunState = { tableName: TaskRunEntity.tableName, columns: runStateColumns };

/** What each row gets that is written. */
const setUpdated = (now: Instant) => ({ set: { updated: instantToDatabase(now) } });

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

interface MovedRun {
  run: FlowRunFacts;
  columns: StateColumns;
  /** Null: it stays. */
  policy: FlowRunPolicy | null;
}

/** Few moves change a policy, and each column that is compared costs time. */
function updateFlowRuns(
  { dialect }: Database,
  connection: SqlExecutor,
  moved: readonly MovedRun[],
  now: Instant,
): Promise<void> {
  if (moved.every(({ policy }) => policy === null)) {
    const changes = moved.map(({ run, columns }) => ({ key: run.id, before: run, after: columns }));
    return updateRows(connection, dialect, runState, changes, setUpdated(now));
  }
  const changes = moved.map(({ run, columns, policy }) => ({
    key: run.id,
    before: { ...run, ...run.policy },
    after: { ...columns, ...(policy ?? run.policy) },
  }));
  return updateRows(connection, dialect, runStateAndPolicy, changes, setUpdated(now));
}

async function writeFlowRuns(
  database: Database,
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
  const moved = decisions.flatMap(({ flowRunId, transition, policy }): MovedRun[] => {
    const run = runs.get(flowRunId);
    if (run === undefined || (transition === null && policy === null)) return [];
    return [{ run, columns: transition?.columns ?? run, policy }];
  });
  await updateFlowRuns(database, connection, moved, now);
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
    before: taskRun,
    after: copy.columns,
  }));
  await updateRows(connection, dialect, taskRunState, changes, setUpdated(now));
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
