import { In } from 'typeorm';
import type { Deployment, Flow } from '../../domain/flowRun';
import type { DeploymentId, FlowId } from '../../domain/identifiers';
import { distinct } from '../../platform/distinct';
import type { Database } from '../connection/database';
import { insertRows } from '../connection/hotInsertRows';
import type { SqlExecutor } from '../connection/statements';
import { DeploymentEntity, FlowEntity, namedRowOf } from '../entities/deployment';
import { FlowRunEntity } from '../entities/flowRun';
import { MirroredDeploymentEntity } from '../entities/mirror';
import { fittingText } from './fittingText';
import { compareRows, lockRowsById, type RowChanges, writeChanges } from './storeRows';

/** A deployment as the server has it. */
interface DeploymentCopy extends Deployment {
  isLimitActive: boolean;
}

const writtenOf = <Row>({ added, changed }: RowChanges<Row>): Row[] => [
  ...added,
  ...changed.map(({ after }) => after),
];

/**
 * Gives up the names of rows whose names others have now. The server, where names are unique too, has deleted or renamed them,
 * which will be noticed later; their ids are free as names.
 */
async function freeNames<Row extends { id: FlowId | DeploymentId; name: string }>(
  connection: SqlExecutor,
  table: typeof FlowEntity | typeof DeploymentEntity,
  written: readonly Row[],
  keyOf: (row: Row) => string,
): Promise<void> {
  const holders = new Map(written.map(row => [keyOf(row), row.id]));
  const found = (await connection
    .getRepository<object>(table)
    .findBy({ name: In(distinct(written.map(({ name }) => name))) })) as Row[];
  for (const row of found) {
    const holder = holders.get(keyOf(row));
    if (holder !== undefined && holder !== row.id)
      await connection.getRepository<object>(table).update({ id: row.id }, namedRowOf({ name: row.id }));
  }
}

/** Stores copies of different flows, at most 200. */
export async function storeFlows(
  database: Database,
  connection: SqlExecutor,
  flows: readonly Flow[],
): Promise<void> {
  if (flows.length === 0) return;
  const rows = flows.map(flow => fittingText(FlowEntity.columns, namedRowOf(flow)));
  const ids = rows.map(({ id }) => id);
  const changes = compareRows(FlowEntity, rows, await lockRowsById(database, connection, FlowEntity, ids));
  const written = writtenOf(changes);
  if (written.length === 0) return;
  await freeNames(connection, FlowEntity, written, ({ name }) => name);
  await writeChanges(database, connection, FlowEntity, changes);
}

async function storeLimitsActive(
  connection: SqlExecutor,
  deployments: readonly DeploymentCopy[],
): Promise<void> {
  const limits = connection.getRepository(MirroredDeploymentEntity);
  const found = await limits.findBy({ deploymentId: In(deployments.map(({ id }) => id)) });
  const stored = new Map(found.map(({ deploymentId, isLimitActive }) => [deploymentId, isLimitActive]));
  const added = deployments.filter(({ id }) => !stored.has(id));
  const changed = deployments.filter(
    ({ id, isLimitActive }) => stored.has(id) && stored.get(id) !== isLimitActive,
  );
  for (const isLimitActive of [true, false]) {
    const switched = changed.filter(deployment => deployment.isLimitActive === isLimitActive);
    if (switched.length > 0)
      await limits.update({ deploymentId: In(switched.map(({ id }) => id)) }, { isLimitActive });
  }
  await insertRows(
    connection,
    MirroredDeploymentEntity,
    added.map(({ id, isLimitActive }) => ({ deploymentId: id, isLimitActive })),
  );
}

/** Stores copies of different deployments, at most 200, with their limits and slots. */
export async function storeDeployments(
  database: Database,
  connection: SqlExecutor,
  deployments: readonly DeploymentCopy[],
): Promise<void> {
  if (deployments.length === 0) return;
  const rows = deployments.map(({ isLimitActive, ...deployment }) =>
    fittingText(DeploymentEntity.columns, namedRowOf(deployment)),
  );
  const ids = rows.map(({ id }) => id);
  const stored = await lockRowsById(database, connection, DeploymentEntity, ids);
  const changes = compareRows(DeploymentEntity, rows, stored);
  const written = writtenOf(changes);
  if (written.length > 0) {
    await freeNames(connection, DeploymentEntity, written, ({ flowId, name }) =>
      JSON.stringify([flowId, name]),
    );
    await writeChanges(database, connection, DeploymentEntity, changes);
  }
  await storeLimitsActive(connection, deployments);
}

/** Deletes copies of deployments that the server no longer has. */
export async function deleteMirroredDeployments(
  connection: SqlExecutor,
  ids: readonly DeploymentId[],
): Promise<void> {
  if (ids.length === 0) return;
  await connection.getRepository(MirroredDeploymentEntity).delete({ deploymentId: In([...ids]) });
  await connection.getRepository(DeploymentEntity).delete({ id: In([...ids]) });
}

/** The ids of all deployments, or only of those with a limit. */
export async function findDeploymentIds(
  connection: SqlExecutor,
  which: 'all' | 'limited',
): Promise<DeploymentId[]> {
  const query = connection
    .getRepository(DeploymentEntity)
    .createQueryBuilder('deployment')
    .select('deployment.id', 'id');
  if (which === 'limited') query.where('deployment.concurrencyLimit IS NOT NULL');
  return (await query.getRawMany<{ id: DeploymentId }>()).map(({ id }) => id);
}

/** The ids of all flows. */
export const findFlowIds = async (connection: SqlExecutor): Promise<FlowId[]> =>
  (await connection.getRepository(FlowEntity).find({ select: { id: true } })).map(({ id }) => id);

/** Deletes copies of flows that the server no longer has, at most 200. Those with runs or deployments here stay for now. */
export async function deleteUnusedFlows(connection: SqlExecutor, ids: readonly FlowId[]): Promise<void> {
  if (ids.length === 0) return;
  const used = new Set<FlowId>();
  for (const table of [FlowRunEntity, DeploymentEntity]) {
    const found = await connection
      .getRepository<object>(table)
      .createQueryBuilder('owned')
      .select('DISTINCT owned.flow_id', 'id')
      .where('owned.flow_id IN (:...ids)', { ids })
      .getRawMany<{ id: FlowId }>();
    for (const { id } of found) used.add(id);
  }
  const unused = ids.filter(id => !used.has(id));
  if (unused.length > 0) await connection.getRepository(FlowEntity).delete({ id: In(unused) });
}
