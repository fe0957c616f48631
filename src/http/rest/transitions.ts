import { notFound } from '../../domain/errors';
import type { LeaseId } from '../../domain/identifiers';
import type { Json } from '../../domain/json';
import { detailsTypes } from '../../domain/transition';
import { renewConcurrencyLease } from '../../flowRuns/renewConcurrencyLease';
import { bulkSetFlowRunState, setFlowRunState } from '../../transitions/bulkSetFlowRunState';
import type { OrchestrationResult } from '../../transitions/transitionFlowRuns';
import type { Context } from '../context';
import { readBody, readPathParameter } from './answers';
import { type Bodies, idParameter } from './bodies';
import { allow, filterOf, flowRunIdOf, proposalOf, type Rest } from './calls';
import { stateToWire } from './wire';

/** A result on the wire. A state that the call did not write is shown to those who may read. */
function resultToWire(
  { actor }: Context,
  { flowRunId, verdict, state, written }: OrchestrationResult,
): { [key: string]: Json } {
  const isShown = written || actor.scopes.has('read');
  const { status } = verdict;
  const details: Json = {
    type: detailsTypes[status],
    ...(status !== 'ACCEPT' && { reason: verdict.reason, code: verdict.code }),
    ...(status === 'WAIT' && { delay_seconds: verdict.delaySeconds }),
  };
  return { flow_run_id: flowRunId, status, details, state: state && isShown ? stateToWire(state) : null };
}

/** Moves runs, and keeps alive the leases that they hold meanwhile. */
export function addTransitions(rest: Rest, bodies: Bodies): void {
  rest.post('/flow_runs/bulk_set_state', async context => {
    const { request } = context.var;
    allow(request, 'write');
    const { state, flow_runs: flowRuns, force, limit } = await readBody(context, bodies.bulkSetState);
    if (force) allow(request, 'force');
    const results = await bulkSetFlowRunState(request.services, {
      proposal: proposalOf(state),
      filter: filterOf(flowRuns),
      force,
      limit,
      callerRenewsLeases: request.callerRenewsLeases,
    });
    return context.json({ results: results.map(result => resultToWire(request, result)) });
  });

  rest.post('/flow_runs/:id/set_state', async context => {
    const { request } = context.var;
    allow(request, 'write');
    const flowRunId = flowRunIdOf(context.req.param('id'));
    const { state, force } = await readBody(context, bodies.setState);
    if (force) allow(request, 'force');
    const { callerRenewsLeases } = request;
    const result = await setFlowRunState(request.services, {
      flowRunId,
      proposal: proposalOf(state),
      force,
      callerRenewsLeases,
    });
    if (result.verdict.status === 'ABORT' && result.verdict.code === 'FLOW_RUN_NOT_FOUND')
      throw notFound(`flow run ${flowRunId}`);
    const { flow_run_id: _id, ...answer } = resultToWire(request, result);
    return context.json(answer, result.written ? 201 : 200);
  });

  rest.post('/v2/concurrency_limits/leases/:id/renew', async context => {
    const { request } = context.var;
    allow(request, 'write');
    const id = readPathParameter(context, 'id', idParameter) as LeaseId;
    const { lease_duration: seconds } = await readBody(context, bodies.renew);
    if (await renewConcurrencyLease(request.services, id, seconds)) return context.body(null, 204);
    return context.json({ detail: 'The lease has ended.' }, 410);
  });
}
