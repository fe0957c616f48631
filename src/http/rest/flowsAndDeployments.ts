import type { FlowId, FlowRunId, TaskRunId } from '../../domain/identifiers';
import { createTaskRuns } from '../../flowRuns/createTaskRuns';
import { findFlows } from '../../flowRuns/findFlows';
import { createDeployment, createFlow } from '../../flowRuns/flowsAndDeployments';
import { inheritLabels } from '../../flowRuns/inheritLabels';
import { readBody } from './answers';
import type { Bodies } from './bodies';
import { allow, flowFilterOf, proposalOf, type Rest, shownExtras } from './calls';
import { deploymentExtras, flowExtras, sentFields, taskRunExtras, toldFields } from './extras';
import { deploymentToWire, flowToWire, taskRunToWire } from './wire';

/** Makes and lists flows, makes deployments, and the task runs that stand for subflows. */
export function addCatalogue(rest: Rest, bodies: Bodies): void {
  rest.post('/flows', async context => {
    const { request } = context.var;
    allow(request, 'write');
    const body = await readBody(context, bodies.flow);
    const { flow, created } = await createFlow(request.services, body.name, toldFields(body, flowExtras));
    request.hasWritten();
    const extras = await shownExtras(request, { kind: 'flow', id: flow.id }, created);
    return context.json(flowToWire(flow, extras), created ? 201 : 200);
  });

  rest.post('/flows/filter', async context => {
    const { request } = context.var;
    allow(request, 'read');
    const { flows: filter, sort, limit, offset } = await readBody(context, bodies.findFlows);
    const flows = await findFlows(request.source(), { filter: flowFilterOf(filter), sort, limit, offset });
    const owners = flows.map(({ id }) => ({ kind: 'flow', id }) as const);
    const extras = await Promise.all(owners.map(owner => request.loaders.extras.load(owner)));
    return context.json(flows.map((flow, index) => flowToWire(flow, extras[index] ?? {})));
  });

  rest.post('/deployments', async context => {
    const { request } = context.var;
    allow(request, 'write');
    const body = await readBody(context, bodies.deployment);
    const { concurrency_limit: concurrencyLimit, concurrency_options: options } = body;
    const flowId = body.flow_id as FlowId;
    const settings = {
      ...(concurrencyLimit !== undefined && { concurrencyLimit }),
      ...(options !== undefined && {
        collisionStrategy: options?.collision_strategy ?? 'ENQUEUE',
        gracePeriodSeconds: options?.grace_period_seconds ?? null,
      }),
    };
    const { deployment, created } = await createDeployment(
      request.services,
      { flowId, name: body.name, ...settings },
      await inheritLabels(
        request.services,
        { kind: 'flow', id: flowId },
        sentFields({ ...body, labels: body.labels ?? {} }, deploymentExtras),
      ),
    );
    request.hasWritten();
    const extras = await shownExtras(request, { kind: 'deployment', id: deployment.id }, created);
    return context.json(deploymentToWire(deployment, extras), created ? 201 : 200);
  });

  rest.post('/task_runs', async context => {
    const { request } = context.var;
    allow(request, 'write');
    const body = await readBody(context, bodies.taskRun);
    const flowRunId = (body.flow_run_id ?? null) as FlowRunId | null;
    const [result] = await createTaskRuns(request.services, [
      {
        id: (body.id ?? null) as TaskRunId | null,
        flowRunId,
        name: body.name,
        taskKey: body.task_key,
        dynamicKey: body.dynamic_key,
        state: proposalOf(body.state ?? { type: 'PENDING' }),
        extras: await inheritLabels(
          request.services,
          flowRunId && { kind: 'flowRun', id: flowRunId },
          toldFields(body, taskRunExtras),
        ),
      },
    ]);
    if (!result) throw new Error('a task run that was made was not returned');
    const { taskRun, created } = result;
    // A task run that was there before is read, not made.
    if (!created) allow(request, 'read');
    request.hasWritten();
    const state = taskRun.stateId === null ? null : await request.loaders.taskRunState.load(taskRun.stateId);
    const parent = taskRun.flowRunId === null ? null : await request.loaders.flowRun.load(taskRun.flowRunId);
    const extras = await request.loaders.extras.load({ kind: 'taskRun', id: taskRun.id });
    return context.json(
      taskRunToWire(taskRun, parent, state, extras, request.services.clock()),
      created ? 201 : 200,
    );
  });
}
