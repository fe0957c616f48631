import type { Extras } from '../../domain/extras';
import type { Deployment, Flow } from '../../domain/flowRun';
import type { DeploymentId } from '../../domain/identifiers';
import type { Instant } from '../../domain/instant';
import type { Database } from '../connection/database';
import { retryOnDuplicateKey } from '../connection/retryOnDuplicateKey';
import type { SqlExecutor } from '../connection/statements';
import { DeploymentEntity, FlowEntity, namedRowOf } from '../entities/deployment';
import { changeExtras, insertExtras } from './extras';

const findDeploymentByName = (
  connection: SqlExecutor,
  { flowId, name }: Pick<Deployment, 'flowId' | 'name'>,
): Promise<Deployment | null> => connection.getRepository(DeploymentEntity).findOneBy({ flowId, name });

/** Inserts a flow, or returns the one with this name. */
export const createFlowOnce = (database: Database, flow: Flow, extras: Extras): Promise<Flow> =>
  retryOnDuplicateKey(database, () =>
    database.transaction(async connection => {
      const found = await connection.getRepository(FlowEntity).findOneBy({ name: flow.name });
      if (found) return found;
      await connection.getRepository(FlowEntity).insert(namedRowOf(flow));
      await insertExtras(connection, [{ owner: { kind: 'flow', id: flow.id }, extras }]);
      return flow;
    }),
  );

/**
 * Inserts a deployment, or changes the settings and extras of the one with this flow and name. Returns it as it is
 * afterwards.
 */
export const createDeploymentOnce = (
  database: Database,
  deployment: Deployment,
  settings: Settings,
  extras: Extras,
): Promise<Deployment> =>
  retryOnDuplicateKey(database, () =>
    database.transaction(async connection => {
      const found = await findDeploymentByName(connection, deployment);
      if (!found) {
        await connection.getRepository(DeploymentEntity).insert(namedRowOf(deployment));
        await insertExtras(connection, [{ owner: { kind: 'deployment', id: deployment.id }, extras }]);
        return deployment;
      }
      await updateDeployment(connection, found.id, settings, deployment.updated);
      await changeExtras(connection, { kind: 'deployment', id: found.id }, extras);
      return (await findDeploymentByName(connection, deployment)) ?? found;
    }),
  );

type Settings = Partial<Pick<Deployment, 'concurrencyLimit' | 'collisionStrategy' | 'gracePeriodSeconds'>>;

async function updateDeployment(
  connection: SqlExecutor,
  id: DeploymentId,
  settings: Settings,
  updated: Instant,
): Promise<void> {
  // Slots are not counted without a limit: an old count would be wrong when there is a limit again.
  const activeSlots = settings.concurrencyLimit === null ? 0 : undefined;
  await connection.getRepository(DeploymentEntity).update({ id }, { ...settings, activeSlots, updated });
}

/** Changes those settings of a deployment that are given. */
export const writeDeployment = (
  database: Database,
  id: DeploymentId,
  settings: Settings,
  now: Instant,
): Promise<void> => database.transaction(connection => updateDeployment(connection, id, settings, now));
