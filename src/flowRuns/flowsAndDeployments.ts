import { badUserInput, notFound } from '../domain/errors';
import type { Extras } from '../domain/extras';
import type { CollisionStrategy, Deployment, Flow } from '../domain/flowRun';
import type { DeploymentId, FlowId } from '../domain/identifiers';
import {
  createDeploymentOnce,
  createFlowOnce,
  writeDeployment,
} from '../persistence/flowRuns/flowsAndDeployments';
import { findDeploymentsByIds, findFlowsByIds } from '../persistence/flowRuns/rowsById';
import { checkChanges } from '../transitions/checkChanges';
import type { Services } from '../transitions/services';

/** Makes a flow; where its name is taken, returns the flow that has it. */
export async function createFlow(
  services: Services,
  name: string,
  extras: Extras = {},
): Promise<{ flow: Flow; created: boolean }> {
  checkChanges(services);
  const { database, newId, clock } = services;
  const now = clock();
  const proposed: Flow = { id: newId() as FlowId, name, created: now, updated: now };
  const flow = await createFlowOnce(database, proposed, extras);
  return { flow, created: flow.id === proposed.id };
}

/** How many runs of a deployment may run at once, and what becomes of one too many. */
interface DeploymentSettings {
  concurrencyLimit: number | null;
  collisionStrategy: CollisionStrategy;
  gracePeriodSeconds: number | null;
}

const defaultSettings: DeploymentSettings = {
  concurrencyLimit: null,
  collisionStrategy: 'ENQUEUE',
  gracePeriodSeconds: null,
};

/**
 * Creates a deployment, or changes the settings and extras of the one with this name and returns it. Absent settings
 * are the defaults of a new deployment, and do not change in an existing one.
 *
 * @throws SwitchyardError BAD_USER_INPUT if the flow does not exist.
 */
export async function createDeployment(
  services: Services,
  { flowId, name, ...settings }: Partial<DeploymentSettings> & { flowId: FlowId; name: string },
  extras: Extras = {},
): Promise<{ deployment: Deployment; created: boolean }> {
  checkChanges(services);
  const { database, newId, clock } = services;
  const [flow] = await findFlowsByIds(database.primary, [flowId]);
  if (!flow)
    throw badUserInput([
      { path: ['input', 'flowId'], message: 'there is no flow with this id', isConflict: true },
    ]);
  const now = clock();
  const proposed: Deployment = {
    ...defaultSettings,
    ...settings,
    flowId,
    name,
    id: newId() as DeploymentId,
    activeSlots: 0,
    created: now,
    updated: now,
  };
  const deployment = await createDeploymentOnce(database, proposed, settings, extras);
  return { deployment, created: deployment.id === proposed.id };
}

/** Changes a deployment's settings; those left out stay. */
export async function updateDeployment(
  services: Services,
  id: DeploymentId,
  settings: Partial<DeploymentSettings>,
): Promise<Deployment> {
  checkChanges(services);
  const { database, clock } = services;
  await writeDeployment(database, id, settings, clock());
  const [deployment] = await findDeploymentsByIds(database.primary, [id]);
  if (!deployment) throw notFound(`deployment ${id}`);
  return deployment;
}
