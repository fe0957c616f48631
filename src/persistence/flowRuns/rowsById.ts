import { In, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import type { Deployment, Flow, FlowRun, TaskRun } from '../../domain/flowRun';
import type { DeploymentId, FlowId, FlowRunId, StateId, TaskRunId } from '../../domain/identifiers';
import type { State } from '../../domain/state';
import type { SqlExecutor } from '../connection/statements';
import { columnList, type RawRow, type TableSchema } from '../entities/columns';
import { DeploymentEntity, deploymentOf, FlowEntity, flowOf } from '../entities/deployment';
import { FlowRunEntity, flowRunOf } from '../entities/flowRun';
import { FlowRunStateEntity, stateOf, TaskRunStateEntity } from '../entities/state';
import { TaskRunEntity } from '../entities/taskRun';
import { columnsWithSmallParameters, readLargeParameters } from './largeParameters';

const queryByIds = (
  connection: SqlExecutor,
  entity: TableSchema<object>,
  alias: string,
  ids: readonly string[],
): SelectQueryBuilder<ObjectLiteral> =>
  connection
    .getRepository<ObjectLiteral>(entity)
    .createQueryBuilder(alias)
    .where(`${alias}.id IN (:...ids)`, { ids });

async function findByIds<Found>(
  connection: SqlExecutor,
  entity: TableSchema<object>,
  read: (row: RawRow) => Found,
  ids: readonly string[],
): Promise<Found[]> {
  if (ids.length === 0) return [];
  const query = queryByIds(connection, entity, 'found', ids).select(columnList('found', entity.columns));
  return (await query.getRawMany<RawRow>()).map(read);
}

// Rows of each table by id, in no set order; ids without a row are left out.

export const findFlowsByIds = (connection: SqlExecutor, ids: readonly FlowId[]): Promise<Flow[]> =>
  findByIds(connection, FlowEntity, flowOf, ids);

export const findDeploymentsByIds = (
  connection: SqlExecutor,
  ids: readonly DeploymentId[],
): Promise<Deployment[]> => findByIds(connection, DeploymentEntity, deploymentOf, ids);

export const findTaskRunsByIds = (connection: SqlExecutor, ids: readonly TaskRunId[]): Promise<TaskRun[]> =>
  findByIds(connection, TaskRunEntity, TaskRunEntity.read, ids);

export const findFlowRunsByIds = (connection: SqlExecutor, ids: readonly FlowRunId[]): Promise<FlowRun[]> =>
  findByIds(connection, FlowRunEntity, flowRunOf, ids);

export const findFlowRunStatesByIds = (connection: SqlExecutor, ids: readonly StateId[]): Promise<State[]> =>
  findByIds(connection, FlowRunStateEntity, stateOf, ids);

export const findTaskRunStatesByIds = (connection: SqlExecutor, ids: readonly StateId[]): Promise<State[]> =>
  findByIds(connection, TaskRunStateEntity, stateOf, ids);

/** Runs whose parameters are measured before they are read; see `readLargeParameters`. */
export async function findFlowRunsWithin(
  connection: SqlExecutor,
  ids: readonly FlowRunId[],
  spend: (bytes: number) => void,
): Promise<FlowRun[]> {
  if (ids.length === 0) return [];
  const query = queryByIds(connection, FlowRunEntity, 'run', ids).select(columnsWithSmallParameters);
  return (await readLargeParameters(connection, await query.getRawMany<RawRow>(), spend)).map(flowRunOf);
}

/** The run that each of these states belongs to; states of task runs, and those that are not written, are left out. */
export async function findFlowRunsOfStates(
  connection: SqlExecutor,
  ids: readonly StateId[],
): Promise<Map<StateId, FlowRunId>> {
  const rows = await connection.getRepository(FlowRunStateEntity).find({
    select: { id: true, flowRunId: true },
    where: { id: In([...ids]) },
  });
  return new Map(rows.map(({ id, flowRunId }) => [id, flowRunId]));
}
