import type { Extras } from '../../domain/extras';
import type { Deployment, Flow } from '../../domain/flowRun';
import type { DeploymentId } from '../../domain/identifiers';
import type { Instant } from '../../domain/instant';
import type { Database } from '../connection/database';
import { retryOnDuplicateKey } from '../connection/retryOnDuplicateKey';
import { insertRows, type SqlExecutor, updateRow } from '../connection/statements';
import type { RawRow } from '../entities/columns';
import { deploymentColumns, deploymentOf, flowColumns, flowOf } from '../entities/deployment';
import { changeExtras, insertExtras } from './extras';

async function findFlowByName(connection: SqlExecutor, name: string): Promise<Flow | undefined> {
  const rows: RawRow[] = await connection.query('SELECT * FROM flow WHERE name = ?', [name]);
  return rows[0] && flowOf(rows[0]);
}

async function findDeploymentByName(
  connection: SqlExecutor,
  { flowId, name }: Pick<Deployment, 'flowId' | 'name'>,
): Promise<Deployment | undefined> {
  const rows: RawRow[] = await connection.query('SELECT * FROM deployment WHERE flow_id = ? AND name = ?', [
    flowId,
    name,
  ]);
  return rows[0] && deploymentOf(rows[0]);
}

/** Writes a flow unless its name is taken; answers the flow that has the name. */
export const createFlowOnce = (database: Database, flow: Flow, extras: Extras): Promise<Flow> =>
  retryOnDuplicateKey(database, () =>
    database.transaction(async connection => {
      const found = await findFlowByName(connection, flow.name);
      if (found) return found;
      await insertRows(connection, 'flow', flowColumns, [flow]);
      await insertExtras(connection, [{ owner: { kind: 'flow', id: flow.id }, extras }]);
      return flow;
    }),
  );

/** Writes a deployment, or gives the one of that flow and name these settings and extras; answers it as it then is. */
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
        await insertRows(connection, 'deployment', deploymentColumns, [deployment]);
        await insertExtras(connection, [{ owner: { kind: 'deployment', id: deployment.id }, extras }]);
        return deployment;
      }
      await updateDeployment(connection, found.id, settings, deployment.updated);
      await changeExtras(database, connection, { kind: 'deployment', id: found.id }, extras);
      return (await findDeploymentByName(connection, deployment)) ?? found;
    }),
  );

type Settings = Partial<Pick<Deployment, 'concurrencyLimit' | 'collisionStrategy' | 'gracePeriodSeconds'>>;

const updateDeployment = (
  connection: SqlExecutor,
  id: DeploymentId,
  settings: Settings,
  updated: Instant,
): Promise<void> =>
  updateRow(connection, 'deployment', deploymentColumns, id, {
    ...settings,
    // Without a limit nobody counts slots: what was counted would be wrong when there is one again.
    ...(settings.concurrencyLimit === null && { activeSlots: 0 }),
    updated,
  });

/** Changes those settings of a deployment that are given. */
export const writeDeployment = (
  database: Database,
  id: DeploymentId,
  settings: Settings,
  now: Instant,
): Promise<void> => database.transaction(connection => updateDeployment(connection, id, settings, now));
