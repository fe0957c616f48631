import type { z } from 'zod';
import { requireScope } from '../../authentication';
import { notFound } from '../../domain/errors';
import type { Extras } from '../../domain/extras';
import type { FlowRun, FlowRunPolicy } from '../../domain/flowRun';
import type { FlowRunFilter } from '../../domain/flowRunFilter';
import type { DeploymentId, FlowId, FlowRunId, TaskRunId } from '../../domain/identifiers';
import type { Json } from '../../domain/json';
import { countFlowRuns } from '../../flowRuns/countFlowRuns';
import { createFlowRuns } from '../../flowRuns/createFlowRuns';
import { bulkDeleteFlowRuns, deleteFlowRun } from '../../flowRuns/deleteFlowRuns';
import { findFlowRuns } from '../../flowRuns/findFlowRuns';
import { inheritLabels } from '../../flowRuns/inheritLabels';
import type { Context } from '../context';
import { type Bodies, type FlowRunBody, type FlowRunPolicyBody, idParameter } from './bodies';
import { flowRunIdInPath, proposalOf, stateIdInPath } from './calls';
import { flowRunExtras, nonEmptyFields } from './extras';
import { readQueryParameter } from './readRequest';
import { ok, type Route, route } from './route';
import { flowRunToWire, stateToWire } from './toWire';

async function withStates({ loaders, services }: Context, runs: readonly FlowRun[]): Promise<Json[]> {
  const now = services.clock();
  return Promise.all(
    runs.map(async run => {
      const [state, extras] = await Promise.all([
        run.stateId === null ? null : loaders.flowRunState.load(run.stateId),
        loaders.extras.load({ kind: 'flowRun', id: run.id }),
      ]);
      return flowRunToWire(run, state, extras, now);
    }),
  );
}

const policyOf = (body: FlowRunPolicyBody): FlowRunPolicy => ({
  retries: body.retries || body.max_retries || (body.retries ?? null),
  retryDelay: body.retry_delay || body.retry_delay_seconds || (body.retry_delay ?? null),
  pauseKeys: [...new Set(body.pause_keys)].sort(),
  resuming: body.resuming ?? false,
  retryType: body.retry_type ?? null,
});

/** The older names of retries are returned as they were sent. */
const extrasOf = (body: FlowRunBody): Extras => {
  const policy = nonEmptyFields(body.empirical_policy ?? {}, ['max_retries', 'retry_delay_seconds']);
  return nonEmptyFields({ ...body, empirical_policy: policy }, [...flowRunExtras, 'empirical_policy']);
};

/** The runs that a body chooses: those that match `flow_runs`, of flows and deployments that match the other groups. */
const filterOf = ({ flow_runs, flows, deployments }: z.output<Bodies['findFlowRuns']>) => {
  const owners: FlowRunFilter = { flow: flows, deployment: deployments };
  return flows || deployments ? [flow_runs ?? {}, owners] : (flow_runs ?? null);
};

/** Creates, finds, counts and deletes runs, and lists the states that they were in. */
export const flowRunRoutes = (bodies: Bodies): readonly Route[] => [
  route({
    method: 'POST',
    path: '/flow_runs',
    summary: 'Creates a run, or returns the one with its idempotency key.',
    responses: { 200: 'object', 201: 'object', 409: 'object' },
    scope: 'write',
    needsOwnRuns: true,
    body: bodies.flowRun,
    async handle({ request, body }) {
      const flowId = body.flow_id as FlowId;
      const deploymentId = (body.deployment_id ?? null) as DeploymentId | null;
      const [result] = await createFlowRuns(
        request.services,
        [
          {
            id: null,
            flowId,
            deploymentId,
            name: body.name,
            tags: body.tags ?? [],
            workQueueName: body.work_queue_name ?? null,
            flowVersion: body.flow_version ?? null,
            parameters: body.parameters ?? {},
            idempotencyKey: body.idempotency_key ?? null,
            parentTaskRunId: (body.parent_task_run_id ?? null) as TaskRunId | null,
            infrastructurePid: null,
            createdBy: null,
            policy: policyOf(body.empirical_policy ?? {}),
            state: proposalOf(body.state ?? { type: 'PENDING' }),
            extras: await inheritLabels(
              request.services,
              deploymentId === null ? { kind: 'flow', id: flowId } : { kind: 'deployment', id: deploymentId },
              extrasOf(body),
            ),
          },
        ],
        request.author,
      );
      if (!result) throw new Error('a run that was created was not returned');
      // A run that was there before is read, not made.
      if (!result.created) requireScope(request.actor, 'read');
      const [wire = null] = await withStates(request, [result.flowRun]);
      return ok(wire, result.created);
    },
  }),
  route({
    method: 'POST',
    path: '/flow_runs/bulk_delete',
    summary: 'Deletes runs that match, and returns their ids.',
    responses: { 200: 'object' },
    scope: 'write',
    body: bodies.bulkDelete,
    async handle({ request, body: { flow_runs: filter = null, limit } }) {
      return ok({ deleted: await bulkDeleteFlowRuns(request.services, filter, limit) });
    },
  }),
  route({
    method: 'POST',
    path: '/flow_runs/count',
    summary: 'Returns the number of runs that match.',
    responses: { 200: 'integer' },
    scope: 'read',
    body: bodies.findFlowRuns,
    async handle({ request, body }) {
      return ok(await countFlowRuns(request.services, filterOf(body)));
    },
  }),
  route({
    method: 'POST',
    path: '/flow_runs/filter',
    summary: 'Returns a page of runs that match.',
    responses: { 200: 'array' },
    scope: 'read',
    body: bodies.findFlowRuns,
    async handle({ request, body }) {
      const { sort, limit, offset } = body;
      const runs = await findFlowRuns(request.services, {
        filter: filterOf(body),
        sort,
        limit,
        offset,
        spend: request.budget.spend,
      });
      return ok(await withStates(request, runs));
    },
  }),
  route({
    method: 'GET',
    path: '/flow_runs/:id',
    summary: 'Returns a run with its current state.',
    responses: { 200: 'object', 404: 'object' },
    scope: 'read',
    id: flowRunIdInPath,
    async handle({ request, id }) {
      const run = await request.loaders.flowRun.load(id);
      if (run === null) throw notFound(`flow run ${id}`);
      const [wire = null] = await withStates(request, [run]);
      return ok(wire);
    },
  }),
  route({
    method: 'DELETE',
    path: '/flow_runs/:id',
    summary: 'Deletes a run.',
    responses: { 204: null, 404: 'object' },
    scope: 'write',
    id: flowRunIdInPath,
    async handle({ request, id }) {
      if (!(await deleteFlowRun(request.services, id))) throw notFound(`flow run ${id}`);
      return { status: 204 };
    },
  }),
  route({
    method: 'GET',
    path: '/flow_run_states/:id',
    summary: 'Returns a state of a run.',
    responses: { 200: 'object', 404: 'object' },
    scope: 'read',
    id: stateIdInPath,
    async handle({ request, id }) {
      const state = await request.loaders.flowRunState.load(id);
      if (state === null) throw notFound(`flow run state ${id}`);
      return ok(stateToWire(state));
    },
  }),
  route({
    method: 'GET',
    path: '/flow_run_states',
    summary: 'Returns all states of a run, the oldest first.',
    responses: { 200: 'array' },
    scope: 'read',
    query: 'flow_run_id',
    id: context => readQueryParameter(context, 'flow_run_id', idParameter) as FlowRunId,
    async handle({ request, id }) {
      const states = await request.loaders.flowRunHistory.load({
        id,
        limit: Number.MAX_SAFE_INTEGER,
        before: null,
      });
      return ok(states.map(stateToWire).reverse());
    },
  }),
];
