import { createTaskRuns } from '../app/createRuns';
import { createDeployment, createFlow } from '../app/flowsAndDeployments';
import type { Services } from '../app/services';
import type { FlowId, FlowRunId, TaskRunId } from '../domain/identifiers';
import { readBody } from './answers';
import { deploymentBody, flowBody, taskRunBody } from './bodies';
import { allow, type Rest } from './calls';
import { deploymentToWire, flowToWire, taskRunToWire } from './wire';

/** Makes flows, deployments, and the task runs that stand for subflows. */
export function addCatalogue(rest: Rest, services: Services): void {
  rest.post('/flows', async context => {
    allow(context.var.request, 'write');
    const { flow, created } = await createFlow(services, (await readBody(context, flowBody)).name);
    return context.json(flowToWire(flow), created ? 201 : 200);
  });

  rest.post('/deployments', async context => {
    allow(context.var.request, 'write');
    const body = await readBody(context, deploymentBody);
    const { deployment, created } = await createDeployment(services, {
      flowId: body.flow_id as FlowId,
      name: body.name,
      concurrencyLimit: body.concurrency_limit ?? null,
      collisionStrategy: body.concurrency_options?.collision_strategy ?? 'ENQUEUE',
      gracePeriodSeconds: body.concurrency_options?.grace_period_seconds ?? null,
    });
    return context.json(deploymentToWire(deployment), created ? 201 : 200);
  });

  rest.post('/task_runs', async context => {
    allow(context.var.request, 'write');
    const { id, flow_run_id: flowRunId, name } = await readBody(context, taskRunBody);
    const [taskRun] = await createTaskRuns(services, [
      { id: (id ?? null) as TaskRunId | null, flowRunId: flowRunId as FlowRunId, name: name ?? null },
    ]);
    if (!taskRun) throw new Error('a task run that was made was not answered');
    return context.json(taskRunToWire(taskRun, services.clock()), 201);
  });
}
