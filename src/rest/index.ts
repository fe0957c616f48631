import { Hono } from 'hono';
import type { StateProposal } from '../app/bulkSetFlowRunState';
import { bulkSetFlowRunState, setFlowRunState } from '../app/bulkSetFlowRunState';
import { countFlowRuns } from '../app/countFlowRuns';
import { createFlowRuns, createTaskRuns } from '../app/createRuns';
import { bulkDeleteFlowRuns, deleteFlowRun } from '../app/deleteFlowRuns';
import { findFlowRuns } from '../app/findFlowRuns';
import { createDeployment, createFlow } from '../app/flowsAndDeployments';
import { renewConcurrencyLease } from '../app/renewConcurrencyLease';
import type { Services } from '../app/services';
import { stateConnection } from '../app/stateConnection';
import type { OrchestrationResult } from '../app/transitionFlowRuns';
import { type Authenticate, requireScope, type Scope } from '../authentication';
import { type Context, createContext } from '../context';
import { notFound } from '../domain/errors';
import type { FlowRun } from '../domain/flowRun';
import type { FlowRunFilter } from '../domain/flowRunFilter';
import type { DeploymentId, FlowId, FlowRunId, LeaseId, TaskRunId } from '../domain/identifiers';
import type { Json } from '../domain/json';
import { errorAnswer, readBody, readPathParameter, readQueryParameter } from './answers';
import {
  bulkDeleteBody,
  bulkSetStateBody,
  countBody,
  deploymentBody,
  filterBody,
  flowBody,
  flowRunBody,
  idParameter,
  renewBody,
  type StateBody,
  setStateBody,
  taskRunBody,
} from './bodies';
import {
  deploymentToWire,
  detailsFromWire,
  flowRunToWire,
  flowToWire,
  fromWire,
  stateToWire,
  taskRunToWire,
} from './wire';

interface Environment {
  Variables: { request: Context };
}

/** The version of the reference whose calls these are: its client refuses another major. */
const referenceVersion = '3.8.8';

const proposalOf = ({ type, name, message, data, state_details: details }: StateBody): StateProposal => ({
  type,
  name: name ?? undefined,
  message: message ?? undefined,
  data,
  stateDetails: detailsFromWire(details),
});

const detailsTypes = {
  ACCEPT: 'accept_details',
  REJECT: 'reject_details',
  ABORT: 'abort_details',
  WAIT: 'wait_details',
} as const;

function resultToWire({ flowRunId, verdict, state }: OrchestrationResult): { [key: string]: Json } {
  const { status } = verdict;
  const details: Json = {
    type: detailsTypes[status],
    ...(status !== 'ACCEPT' && { reason: verdict.reason, code: verdict.code }),
    ...(status === 'WAIT' && { delay_seconds: verdict.delaySeconds }),
  };
  return { flow_run_id: flowRunId, status, details, state: state && stateToWire(state) };
}

// The bodies have been checked: only their keys are named otherwise here.
const filterOf = (wire: object | null | undefined): FlowRunFilter | null =>
  wire ? (fromWire(wire) as FlowRunFilter) : null;

async function withStates({ loaders, services }: Context, runs: readonly FlowRun[]): Promise<Json[]> {
  const now = services.clock();
  return Promise.all(
    runs.map(async run =>
      flowRunToWire(run, run.stateId === null ? null : await loaders.flowRunState.load(run.stateId), now),
    ),
  );
}

/** Prefect's REST calls on the services of this project, exactly in their wire format; paths are below `/api`. */
export function createRest(services: Services, authenticate: Authenticate): Hono<Environment> {
  const rest = new Hono<Environment>({ strict: false }).basePath('/api');
  const allow = ({ actor }: Context, ...needed: readonly Scope[]): void =>
    needed.forEach(scope => requireScope(actor, scope));

  rest.onError((error, context) =>
    errorAnswer(context, error, thrown => services.reportError('a REST call failed', thrown)),
  );
  rest.notFound(context => context.json({ detail: 'Not Found' }, 404));
  rest.get('/health', context => context.json(true));
  rest.get('/admin/version', context => context.json(referenceVersion));
  rest.get('/csrf-token', context => context.json({ detail: 'CSRF protection is disabled.' }, 404));

  rest.use(async (context, next) => {
    const actor = await authenticate(context.req.header('authorization') ?? null);
    context.set('request', createContext(services, actor, context.req.header('user-agent') ?? null));
    await next();
  });

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

  rest.post('/flow_runs', async context => {
    const { request } = context.var;
    allow(request, 'write');
    const body = await readBody(context, flowRunBody);
    const [result] = await createFlowRuns(services, [
      {
        id: null,
        flowId: body.flow_id as FlowId,
        deploymentId: (body.deployment_id ?? null) as DeploymentId | null,
        name: body.name ?? null,
        tags: body.tags ?? [],
        workQueueName: body.work_queue_name ?? null,
        flowVersion: body.flow_version ?? null,
        parameters: body.parameters ?? {},
        idempotencyKey: body.idempotency_key ?? null,
        parentTaskRunId: (body.parent_task_run_id ?? null) as TaskRunId | null,
        infrastructurePid: null,
        createdBy: null,
        retries: body.empirical_policy?.retries ?? null,
        retryDelay: body.empirical_policy?.retry_delay ?? null,
        state: body.state ? proposalOf(body.state) : { type: 'PENDING' },
      },
    ]);
    if (!result) throw new Error('a run that was made was not answered');
    request.hasWritten();
    const [wire = null] = await withStates(request, [result.flowRun]);
    return context.json(wire, result.created ? 201 : 200);
  });

  rest.post('/flow_runs/bulk_set_state', async context => {
    const { request } = context.var;
    allow(request, 'write');
    const { state, flow_runs: flowRuns, force, limit } = await readBody(context, bulkSetStateBody);
    if (force) allow(request, 'force');
    const results = await bulkSetFlowRunState(services, {
      proposal: proposalOf(state),
      filter: filterOf(flowRuns),
      force,
      limit,
      callerRenewsLeases: request.callerRenewsLeases,
    });
    return context.json({ results: results.map(resultToWire) });
  });

  rest.post('/flow_runs/bulk_delete', async context => {
    allow(context.var.request, 'write');
    const { flow_runs: flowRuns, limit } = await readBody(context, bulkDeleteBody);
    return context.json({ deleted: await bulkDeleteFlowRuns(services, filterOf(flowRuns), limit) });
  });

  rest.post('/flow_runs/count', async context => {
    const { request } = context.var;
    allow(request, 'read');
    const { flow_runs: flowRuns } = await readBody(context, countBody);
    return context.json(await countFlowRuns(services, request.source(), filterOf(flowRuns)));
  });

  rest.post('/flow_runs/filter', async context => {
    const { request } = context.var;
    allow(request, 'read');
    const { flow_runs: flowRuns, sort, limit, offset } = await readBody(context, filterBody);
    const runs = await findFlowRuns(services, request.source(), {
      filter: filterOf(flowRuns),
      sort,
      limit,
      offset,
    });
    return context.json(await withStates(request, runs));
  });

  rest.get('/flow_runs/:id', async context => {
    const { request } = context.var;
    allow(request, 'read');
    const id = readPathParameter(context, 'id', idParameter) as FlowRunId;
    const run = await request.loaders.flowRun.load(id);
    if (run === null) throw notFound(`flow run ${id}`);
    const [wire = null] = await withStates(request, [run]);
    return context.json(wire);
  });

  rest.delete('/flow_runs/:id', async context => {
    allow(context.var.request, 'write');
    const id = readPathParameter(context, 'id', idParameter) as FlowRunId;
    if (!(await deleteFlowRun(services, id))) throw notFound(`flow run ${id}`);
    return context.body(null, 204);
  });

  rest.post('/flow_runs/:id/set_state', async context => {
    const { request } = context.var;
    allow(request, 'write');
    const flowRunId = readPathParameter(context, 'id', idParameter) as FlowRunId;
    const { state, force } = await readBody(context, setStateBody);
    if (force) allow(request, 'force');
    const { callerRenewsLeases } = request;
    const result = await setFlowRunState(services, {
      flowRunId,
      proposal: proposalOf(state),
      force,
      callerRenewsLeases,
    });
    if (result.verdict.status === 'ABORT' && result.verdict.code === 'FLOW_RUN_NOT_FOUND')
      throw notFound(`flow run ${flowRunId}`);
    const { flow_run_id: _id, ...answer } = resultToWire(result);
    return context.json(answer, result.verdict.status === 'ACCEPT' ? 201 : 200);
  });

  rest.get('/flow_run_states', async context => {
    const { request } = context.var;
    allow(request, 'read');
    const id = readQueryParameter(context, 'flow_run_id', idParameter) as FlowRunId;
    const history = { first: Number.MAX_SAFE_INTEGER - 1, after: null };
    const { edges } = await stateConnection(request.source(), id, history, () => Promise.resolve(0));
    return context.json(edges.map(({ node }) => stateToWire(node)).reverse());
  });

  rest.post('/v2/concurrency_limits/leases/:id/renew', async context => {
    allow(context.var.request, 'write');
    const id = readPathParameter(context, 'id', idParameter) as LeaseId;
    const { lease_duration: seconds } = await readBody(context, renewBody);
    if (await renewConcurrencyLease(services, id, seconds)) return context.body(null, 204);
    return context.json({ detail: 'The lease has ended.' }, 410);
  });

  return rest;
}
