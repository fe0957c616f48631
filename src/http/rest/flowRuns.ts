import { notFound } from '../../domain/errors';
import type { Extras } from '../../domain/extras';
import type { FlowRun, FlowRunPolicy } from '../../domain/flowRun';
import type { DeploymentId, FlowId, FlowRunId, TaskRunId } from '../../domain/identifiers';
import type { Json } from '../../domain/json';
import { countFlowRuns } from '../../flowRuns/countFlowRuns';
import { createFlowRuns } from '../../flowRuns/createFlowRuns';
import { bulkDeleteFlowRuns, deleteFlowRun } from '../../flowRuns/deleteFlowRuns';
import { findFlowRuns } from '../../flowRuns/findFlowRuns';
import { inheritLabels } from '../../flowRuns/inheritLabels';
import type { Context } from '../context';
import { readBody, readQueryParameter } from './answers';
import { type Bodies, type FlowRunBody, type FlowRunPolicyBody, idParameter } from './bodies';
import { allow, filterOf, flowRunIdOf, proposalOf, type Rest, stateIdOf } from './calls';
import { flowRunExtras, toldFields } from './extras';
import { flowRunToWire, stateToWire } from './wire';

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

/** The older names of retries are answered as they were sent. */
const extrasOf = (body: FlowRunBody): Extras => {
  const policy = toldFields(body.empirical_policy ?? {}, ['max_retries', 'retry_delay_seconds']);
  return toldFields({ ...body, empirical_policy: policy }, [...flowRunExtras, 'empirical_policy']);
};

/** Makes, finds, counts and deletes runs, and tells what states they were in. */
export function addFlowRuns(rest: Rest, bodies: Bodies): void {
  rest.post('/flow_runs', async context => {
    const { request } = context.var;
    allow(request, 'write');
    const body = await readBody(context, bodies.flowRun);
    const flowId = body.flow_id as FlowId;
    const deploymentId = (body.deployment_id ?? null) as DeploymentId | null;
    const [result] = await createFlowRuns(request.services, [
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
    ]);
    if (!result) throw new Error('a run that was made was not answered');
    // A run that was there before is read, not made.
    if (!result.created) allow(request, 'read');
    request.hasWritten();
    const [wire = null] = await withStates(request, [result.flowRun]);
    return context.json(wire, result.created ? 201 : 200);
  });

  rest.post('/flow_runs/bulk_delete', async context => {
    const { request } = context.var;
    allow(request, 'write');
    const { flow_runs: flowRuns, limit } = await readBody(context, bodies.bulkDelete);
    return context.json({ deleted: await bulkDeleteFlowRuns(request.services, filterOf(flowRuns), limit) });
  });

  rest.post('/flow_runs/count', async context => {
    const { request } = context.var;
    allow(request, 'read');
    const { flow_runs: flowRuns } = await readBody(context, bodies.findFlowRuns);
    return context.json(await countFlowRuns(request.services, request.source(), filterOf(flowRuns)));
  });

  rest.post('/flow_runs/filter', async context => {
    const { request } = context.var;
    allow(request, 'read');
    const { flow_runs: flowRuns, sort, limit, offset } = await readBody(context, bodies.findFlowRuns);
    const runs = await findFlowRuns(request.services, request.source(), {
      filter: filterOf(flowRuns),
      sort,
      limit,
      offset,
      spend: request.budget.spend,
    });
    return context.json(await withStates(request, runs));
  });

  rest.get('/flow_runs/:id', async context => {
    const { request } = context.var;
    allow(request, 'read');
    const id = flowRunIdOf(context.req.param('id'));
    const run = await request.loaders.flowRun.load(id);
    if (run === null) throw notFound(`flow run ${id}`);
    const [wire = null] = await withStates(request, [run]);
    return context.json(wire);
  });

  rest.delete('/flow_runs/:id', async context => {
    const { request } = context.var;
    allow(request, 'write');
    const id = flowRunIdOf(context.req.param('id'));
    if (!(await deleteFlowRun(request.services, id))) throw notFound(`flow run ${id}`);
    return context.body(null, 204);
  });

  rest.get('/flow_run_states/:id', async context => {
    const { request } = context.var;
    allow(request, 'read');
    const id = stateIdOf(context.req.param('id'));
    const state = await request.loaders.flowRunState.load(id);
    if (state === null) throw notFound(`flow run state ${id}`);
    return context.json(stateToWire(state));
  });

  rest.get('/flow_run_states', async context => {
    const { request } = context.var;
    allow(request, 'read');
    const id = readQueryParameter(context, 'flow_run_id', idParameter) as FlowRunId;
    const states = await request.loaders.flowRunHistory.load({
      id,
      limit: Number.MAX_SAFE_INTEGER,
      before: null,
    });
    return context.json(states.map(stateToWire).reverse());
  });
}
