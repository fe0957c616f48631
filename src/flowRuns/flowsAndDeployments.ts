import { badUserInput, notFound } from '../domain/errors';
import type { Extras } from '../domain/extras';
import type { CollisionStrategy, Deployment, Flow } from '../domain/flowRun';
import type { DeploymentId, FlowId } from '../domain/identifiers';
import {
  createDeploymentOnce,
  createFlowOnce,
  writeDeployment,
} from '../persistence/flowRuns/flowsAndDeployments';
import { findDeploymentsByIds, findFlowsByIds } from '../persistence/flowRuns/reading';
import type { Services } from '../transitions/services';

/** Makes a flow; where its name is taken, returns the flow that has it. */
export async function createFlow(
  { database, newId, clock }: Services,
  name: string,
  extras: Extras = {},
): Promise<{ flow: Flow; created: boolean }> {
  const now = clock();
  const proposed: Flow = { id: newId() as FlowId, name, created: now, updated: now };
  const flow = await createFlowOnce(database, proposed, extras);
  return { flow, created: flow.id === proposed.id };
}

/** How many runs of a deployment may run at once, and what becomes of one too many. */
export interface DeploymentSettings {
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
 * Makes a deployment; where the flow has one of that name, gives it these settings and extras and returns it: those left out are
 * the defaults of a new one, and stay as they are in one that there is.
 *
 * @throws SwitchyardError BAD_USER_INPUT where there is no such flow.
 */
export async function createDeployment(
  { database, newId, clock }: Services,
  { flowId, name, ...settings }: Partial<DeploymentSettings> & { flowId: FlowId; name: string },
  extras: Extras = {},
): Promise<{ deployment: Deployment; created: boolean }> {
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
  { database, clock }: Services,
  id: DeploymentId,
  settings: Partial<DeploymentSettings>,
): Promise<Deployment> {
  await writeDeployment(database, id, settings, clock());
  const [deployment] = await findDeploymentsByIds(database.primary, [id]);
  if (!deployment) throw notFound(`deployment ${id}`);
  return deployment;
}
