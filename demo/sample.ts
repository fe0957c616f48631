import { In } from 'typeorm';
import type { DeploymentId } from '../src/domain/identifiers';
import { holdsSlot } from '../src/domain/state';
import { createDeployment, createFlow } from '../src/flowRuns/flowsAndDeployments';
import { insertRows } from '../src/persistence/connection/hotInsertRows';
import { DeploymentEntity } from '../src/persistence/entities/deployment';
import {
  FlowRunStateEntity,
  flowRunStateColumnsOf,
  TaskRunStateEntity,
} from '../src/persistence/entities/state';
import { insertFlowRuns } from '../src/persistence/flowRuns/flowRuns';
import { insertTaskRuns } from '../src/persistence/flowRuns/taskRuns';
import type { Services } from '../src/transitions/services';
import { deployments, type SampleDeployment, subflow } from './flows';
import { imagineNight, type Made, type Night } from './night';

async function makeDeployment(services: Services, deployment: SampleDeployment): Promise<Made> {
  const { flow } = await createFlow(services, deployment.flow);
  const { name, concurrencyLimit } = deployment;
  const settings = { concurrencyLimit, collisionStrategy: 'ENQUEUE', gracePeriodSeconds: null } as const;
  const made = await createDeployment(services, { flowId: flow.id, name, ...settings });
  return { ...deployment, flowId: flow.id, deploymentId: made.deployment.id };
}

async function makeSubflow(services: Services): Promise<Made> {
  const { flow } = await createFlow(services, subflow);
  const behaviour = { name: '', queue: 'batch', concurrencyLimit: null, weight: 0, tags: [], retries: 0 };
  return { ...behaviour, flow: subflow, seconds: [10, 60], flowId: flow.id, deploymentId: null };
}

async function write({ database }: Services, { runs, tasks }: Night): Promise<void> {
  await insertTaskRuns(database, tasks);
  const holders = new Map<DeploymentId, number>();
  for (const { flowRun } of runs) {
    if (flowRun.deploymentId === null || !holdsSlot(flowRun.stateType)) continue;
    holders.set(flowRun.deploymentId, (holders.get(flowRun.deploymentId) ?? 0) + 1);
  }
  await database.transaction(async connection => {
    await insertFlowRuns(connection, runs);
    const states = runs.flatMap(({ flowRun, earlier }) =>
      earlier.map(state => ({ ...state, ...flowRunStateColumnsOf(state, flowRun.id) })),
    );
    await insertRows(connection, FlowRunStateEntity, states);
    const copies = tasks.flatMap(({ taskRun, earlier }) =>
      earlier.map(state => ({ ...state, taskRunId: taskRun.id })),
    );
    await insertRows(connection, TaskRunStateEntity, copies);
    const found = await connection.getRepository(DeploymentEntity).findBy({ id: In([...holders.keys()]) });
    for (const { id, concurrencyLimit } of found) {
      if (concurrencyLimit === null) continue;
      await connection.getRepository(DeploymentEntity).update({ id }, { activeSlots: holders.get(id) ?? 0 });
    }
  });
}

/**
 * Fills an empty database with a believable night: flows, deployments, and thousands of runs with their histories, in
 * all states. Always the same one but for its time, which ends now.
 *
 * @returns how many runs it has, subflows included.
 */
export async function fillWithSample(services: Services): Promise<number> {
  const made: Made[] = [];
  for (const deployment of deployments) made.push(await makeDeployment(services, deployment));
  const night = imagineNight(services.clock(), made, await makeSubflow(services));
  await write(services, night);
  return night.runs.length;
}
