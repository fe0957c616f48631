import { requireScope } from '../../authentication';
import type { FlowId, FlowRunId, TaskRunId } from '../../domain/identifiers';
import { createTaskRuns } from '../../flowRuns/createTaskRuns';
import { findFlows } from '../../flowRuns/findFlows';
import { createDeployment, createFlow } from '../../flowRuns/flowsAndDeployments';
import { inheritLabels } from '../../flowRuns/inheritLabels';
import type { Bodies } from './bodies';
import { proposalOf, shownExtras } from './calls';
import { deploymentExtras, flowExtras, nonEmptyFields, sentFields, taskRunExtras } from './extras';
import { ok, type Route, route } from './route';
import { deploymentToWire, flowToWire, taskRunToWire } from './toWire';

/** Creates and lists flows, and creates deployments and the task runs that stand for subflows. */
export const flowAndDeploymentRoutes = (bodies: Bodies): readonly Route[] => [
  route({
    method: 'POST',
    path: '/flows',
    summary: 'Creates a flow, or returns the one of this name.',
    responses: { 200: 'object', 201: 'object' },
    scope: 'write',
    needsOwnRuns: true,
    body: bodies.flow,
    async handle({ request, body }) {
      const { flow, created } = await createFlow(
        request.services,
        body.name,
        nonEmptyFields(body, flowExtras),
      );
      const extras = await shownExtras(request, { kind: 'flow', id: flow.id }, created);
      return ok(flowToWire(flow, extras), created);
    },
  }),
  route({
    method: 'POST',
    path: '/flows/filter',
    summary: 'Returns a page of flows.',
    responses: { 200: 'array' },
    scope: 'read',
    body: bodies.findFlows,
    async handle({ request, body: { flows: filter = null, sort, limit, offset } }) {
      const flows = await findFlows(request.services, { filter, sort, limit, offset });
      const owners = flows.map(({ id }) => ({ kind: 'flow', id }) as const);
      const extras = await Promise.all(owners.map(owner => request.loaders.extras.load(owner)));
      return ok(flows.map((flow, index) => flowToWire(flow, extras[index] ?? {})));
    },
  }),
  route({
    method: 'POST',
    path: '/deployments',
    summary: 'Creates a deployment, or updates and returns the one of this name.',
    responses: { 200: 'object', 201: 'object', 409: 'object' },
    scope: 'write',
    needsOwnRuns: true,
    body: bodies.deployment,
    async handle({ request, body }) {
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
      const extras = await shownExtras(request, { kind: 'deployment', id: deployment.id }, created);
      return ok(deploymentToWire(deployment, extras), created);
    },
  }),
  route({
    method: 'POST',
    path: '/task_runs',
    summary: 'Creates a task run that stands for a subflow, or returns the one with its keys.',
    responses: { 200: 'object', 201: 'object', 409: 'object' },
    scope: 'write',
    needsOwnRuns: true,
    body: bodies.taskRun,
    async handle({ request, body }) {
      const flowRunId = (body.flow_run_id ?? null) as FlowRunId | null;
      const [result] = await createTaskRuns(
        request.services,
        [
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
              nonEmptyFields(body, taskRunExtras),
            ),
          },
        ],
        request.author,
      );
      if (!result) throw new Error('a task run that was made was not returned');
      const { taskRun, created } = result;
      // A task run that was there before is read, not made.
      if (!created) requireScope(request.actor, 'read');
      const state =
        taskRun.stateId === null ? null : await request.loaders.taskRunState.load(taskRun.stateId);
      const parent =
        taskRun.flowRunId === null ? null : await request.loaders.flowRun.load(taskRun.flowRunId);
      const extras = await request.loaders.extras.load({ kind: 'taskRun', id: taskRun.id });
      return ok(taskRunToWire(taskRun, parent, state, extras, request.services.clock()), created);
    },
  }),
];
