import type { ObjectLiteral } from 'typeorm';
import type { DeploymentFacts, LeaseStanding, ParentTaskRunFacts } from '../../domain/facts';
import type { DeploymentId, FlowRunId, LeaseId, StateId, TaskRunId } from '../../domain/identifiers';
import type { Instant } from '../../domain/instant';
import type { Database } from '../connection/database';
import type { LockMode } from '../connection/dialect';
import { LockingQuery } from '../connection/lockingQuery';
import { type SqlExecutor, selectRows } from '../connection/statements';
import { columnList, instantFromDatabase, instantToDatabase, rowReader } from '../entities/columns';
import { DeploymentEntity, LeaseEntity } from '../entities/deployment';
import { FlowRunEntity, runStateColumns } from '../entities/flowRun';
import { FlowRunStateEntity, TaskRunStateEntity } from '../entities/state';
import { TaskRunEntity } from '../entities/taskRun';

/** The state that a run is in, by its id alone; null if the run has none or is gone. */
export async function findStateId(connection: SqlExecutor, id: FlowRunId): Promise<StateId | null> {
  const run = await connection
    .getRepository(FlowRunEntity)
    .findOne({ select: { stateId: true }, where: { id } });
  return run?.stateId ?? null;
}

const parentTaskRunColumns = {
  id: TaskRunEntity.columns.id,
  flowRunId: TaskRunEntity.columns.flowRunId,
  ...runStateColumns,
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

/** The tables of states, by the runs whose states they hold. */
const stateEntities = {
  flow_run: { entity: FlowRunStateEntity, owner: 'flowRunId' },
  task_run: { entity: TaskRunStateEntity, owner: 'taskRunId' },
} as const;

/** The timestamps, from an instant on, that states of these runs already use. */
export async function findLaterTimestamps<Id extends FlowRunId | TaskRunId>(
  connection: SqlExecutor,
  noun: keyof typeof stateEntities,
  ids: readonly Id[],
  from: Instant,
): Promise<Map<Id, Instant[]>> {
  const found = new Map<Id, Instant[]>();
  if (ids.length === 0) return found;
  const { entity, owner } = stateEntities[noun];
  const rows = await connection
    .getRepository<ObjectLiteral>(entity)
    .createQueryBuilder('state')
    .select(`state.${owner}`, 'id')
    .addSelect('state.timestamp', 'timestamp')
    .where(`state.${owner} IN (:...ids)`, { ids })
    .andWhere('state.timestamp >= :from', { from: instantToDatabase(from) })
    .getRawMany<{ id: Id; timestamp: string }>();
  for (const { id, timestamp } of rows) {
    const timestamps = found.get(id) ?? [];
    timestamps.push(instantFromDatabase(timestamp));
    found.set(id, timestamps);
  }
  return found;
}
