import type { Deployment, Flow } from '../domain/flowRun';
import type { DeploymentId, LeaseId } from '../domain/identifiers';
import { addSeconds, type Instant } from '../domain/instant';
import type { Database } from './database';
import { instantToDatabase, readRow, writeRow } from './entities/columns';
import { deploymentColumns, flowColumns } from './entities/deployment';
import { type Connection, insertRows, type RawRow } from './statements';
import { findLeases } from './transitions';

async function findFlowByName(connection: Connection, name: string): Promise<Flow | undefined> {
  const rows: RawRow[] = await connection.query('SELECT * FROM flow WHERE name = ?', [name]);
  return rows[0] && readRow(flowColumns, rows[0]);
}

async function findDeploymentByName(
  connection: Connection,
  { flowId, name }: Pick<Deployment, 'flowId' | 'name'>,
): Promise<Deployment | undefined> {
  const rows: RawRow[] = await connection.query('SELECT * FROM deployment WHERE flow_id = ? AND name = ?', [
    flowId,
    name,
  ]);
  return rows[0] && readRow(deploymentColumns, rows[0]);
}

/** Runs what inserts something under a name; where somebody else took the name meanwhile, runs it once more. */
async function onceMoreIfTaken<Result>({ dialect }: Database, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!dialect.isDuplicate(error)) throw error;
    return work();
  }
}

/** Writes a flow unless its name is taken; answers the flow that has the name. */
export const createFlowOnce = (database: Database, flow: Flow): Promise<Flow> =>
  onceMoreIfTaken(database, () =>
    database.transaction(async runner => {
      const found = await findFlowByName(runner, flow.name);
      if (found) return found;
      await insertRows(runner, 'flow', flowColumns, [flow]);
      return flow;
    }),
  );

/** Writes a deployment, or gives the one of that flow and name its settings; answers it as it then is. */
export const createDeploymentOnce = (database: Database, deployment: Deployment): Promise<Deployment> =>
  onceMoreIfTaken(database, () =>
    database.transaction(async runner => {
      const found = await findDeploymentByName(runner, deployment);
      if (!found) {
        await insertRows(runner, 'deployment', deploymentColumns, [deployment]);
        return deployment;
      }
      const { concurrencyLimit, collisionStrategy, gracePeriodSeconds, updated } = deployment;
      const changed = { ...found, concurrencyLimit, collisionStrategy, gracePeriodSeconds, updated };
      await updateDeployment(
        runner,
        found.id,
        { concurrencyLimit, collisionStrategy, gracePeriodSeconds },
        updated,
      );
      return changed;
    }),
  );

type Settings = Partial<Pick<Deployment, 'concurrencyLimit' | 'collisionStrategy' | 'gracePeriodSeconds'>>;

async function updateDeployment(
  connection: Connection,
  id: DeploymentId,
  settings: Settings,
  now: Instant,
): Promise<void> {
  const { concurrencyLimit, collisionStrategy, gracePeriodSeconds, updated } = deploymentColumns;
  const changed = {
    ...(settings.concurrencyLimit !== undefined && { concurrencyLimit }),
    ...(settings.collisionStrategy !== undefined && { collisionStrategy }),
    ...(settings.gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    updated,
  };
  const raw = writeRow(changed, { ...settings, updated: now });
  const assignments = Object.keys(raw).map(name => `${name} = ?`);
  await connection.query(`UPDATE deployment SET ${assignments.join(', ')} WHERE id = ?`, [
    ...Object.values(raw),
    id,
  ]);
}

/** Changes those settings of a deployment that are given. */
export const writeDeployment = (
  database: Database,
  id: DeploymentId,
  settings: Settings,
  now: Instant,
): Promise<void> => database.transaction(runner => updateDeployment(runner, id, settings, now));

/** Puts off the end of a lease; false where the lease is gone. */
export const renewLease = (
  database: Database,
  id: LeaseId,
  seconds: number,
  now: Instant,
): Promise<boolean> =>
  database.transaction(async runner => {
    const found = await findLeases(database, runner, [id], 'lock');
    if (!found.has(id)) return false;
    const expiration = instantToDatabase(addSeconds(now, seconds));
    await runner.query('UPDATE concurrency_lease SET expiration = ? WHERE id = ?', [expiration, id]);
    return true;
  });
