import { createTaskRuns } from '../app/createTaskRuns';
import { createDeployment, createFlow } from '../app/flowsAndDeployments';
import type { Services } from '../app/services';
import type { FlowId, FlowRunId, TaskRunId } from '../domain/identifiers';
import { readBody } from './answers';
import { deploymentBody, flowBody, taskRunBody } from './bodies';
import { allow, proposalOf, type Rest } from './calls';
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
    const { concurrency_limit: concurrencyLimit, concurrency_options: options } = body;
    const { deployment, created } = await createDeployment(services, {
      flowId: body.flow_id as FlowId,
      name: body.name,
      ...(concurrencyLimit !== undefined && { concurrencyLimit }),
      ...(options !== undefined && {
        collisionStrategy: options?.collision_strategy ?? 'ENQUEUE',
        gracePeriodSeconds: options?.grace_period_seconds ?? null,
      }),
    });
    return context.json(deploymentToWire(deployment), created ? 201 : 200);
  });

  rest.post('/task_runs', async context => {
    const { request } = context.var;
    allow(request, 'write');
    const body = await readBody(context, taskRunBody);
    const [result] = await createTaskRuns(services, [
      {
        id: (body.id ?? null) as TaskRunId | null,
        flowRunId: (body.flow_run_id ?? null) as FlowRunId | null,
        name: body.name,
        taskKey: body.task_key,
        dynamicKey: body.dynamic_key,
        state: proposalOf(body.state ?? { type: 'PENDING' }),
      },
    ]);
    if (!result) throw new Error('a task run that was made was not answered');
    request.hasWritten();
    const { taskRun, created } = result;
    const state = taskRun.stateId === null ? null : await request.loaders.taskRunState.load(taskRun.stateId);
    return context.json(taskRunToWire(taskRun, state, services.clock()), created ? 201 : 200);
  });
}
