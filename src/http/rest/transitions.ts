import { notFound } from '../../domain/errors';
import type { LeaseId } from '../../domain/identifiers';
import type { Json } from '../../domain/json';
import { detailsTypes } from '../../domain/transition';
import { renewConcurrencyLease } from '../../flowRuns/renewConcurrencyLease';
import { bulkSetFlowRunState, setFlowRunState } from '../../transitions/bulkSetFlowRunState';
import type { OrchestrationResult } from '../../transitions/orchestrationResult';
import type { Context } from '../context';
import { type Bodies, idParameter } from './bodies';
import { flowRunIdInPath, proposalOf } from './calls';
import { readPathParameter } from './readRequest';
import { ok, type Route, route } from './route';
import { stateToWire } from './toWire';

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

/** Moves runs, and renews the leases that they hold meanwhile. */
export const transitionRoutes = (bodies: Bodies): readonly Route[] => [
  route({
    method: 'POST',
    path: '/flow_runs/bulk_set_state',
    summary: 'Proposes a state to each run that matches, and returns a result for each run.',
    responses: { 200: 'object' },
    scope: 'write',
    body: bodies.bulkSetState,
    async handle({ request, body: { state, flow_runs: filter = null, force, limit } }) {
      const results = await bulkSetFlowRunState(request.services, {
        proposal: proposalOf(state),
        filter,
        force,
        limit,
        callerRenewsLeases: request.callerRenewsLeases,
        author: request.author,
      });
      return ok({ results: results.map(result => resultToWire(request, result)) });
    },
  }),
  route({
    method: 'POST',
    path: '/flow_runs/:id/set_state',
    summary: 'Proposes a state to a run. 201 if a state was written, else 200.',
    responses: { 200: 'object', 201: 'object', 404: 'object' },
    scope: 'write',
    id: flowRunIdInPath,
    body: bodies.setState,
    async handle({ request, id, body: { state, force } }) {
      const result = await setFlowRunState(request.services, {
        flowRunId: id,
        proposal: proposalOf(state),
        force,
        callerRenewsLeases: request.callerRenewsLeases,
        author: request.author,
      });
      if (result.verdict.status === 'ABORT' && result.verdict.code === 'FLOW_RUN_NOT_FOUND')
        throw notFound(`flow run ${id}`);
      const { flow_run_id: _id, ...wire } = resultToWire(request, result);
      return ok(wire, result.written);
    },
  }),
  route({
    method: 'POST',
    path: '/v2/concurrency_limits/leases/:id/renew',
    summary: 'Renews the lease of a concurrency slot. 410 if the lease has ended.',
    responses: { 204: null, 410: 'object' },
    scope: 'write',
    needsOwnRuns: true,
    id: context => readPathParameter(context, 'id', idParameter) as LeaseId,
    body: bodies.renew,
    async handle({ request, id, body: { lease_duration: seconds } }) {
      const isRenewed = await renewConcurrencyLease(request.services, id, seconds);
      return isRenewed ? { status: 204 } : { status: 410, value: { detail: 'The lease has ended.' } };
    },
  }),
];
