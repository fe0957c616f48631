import type { z } from 'zod';
import { createBodies } from '../src/http/rest/bodies';

const bodies = createBodies({ maxListLength: 10_000, maxPageSize: 200 });

/** A REST call that the gateway accepts. */
export interface RestRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** As the router has it, with `:id` for an id. */
  readonly path: string;
  readonly body: z.ZodType | null;
  /** What an id in its path, or in its query, is the id of. */
  readonly idOf?: string;
  readonly query?: string;
  readonly mayWrite: boolean;
}

/** Every REST call. */
export const restRoutes: readonly RestRoute[] = [
  { method: 'GET', path: '/api/health', body: null, mayWrite: false },
  { method: 'GET', path: '/api/admin/version', body: null, mayWrite: false },
  { method: 'GET', path: '/api/csrf-token', body: null, mayWrite: false },
  { method: 'POST', path: '/api/flows', body: bodies.flow, mayWrite: true },
  { method: 'POST', path: '/api/flows/filter', body: bodies.findFlows, mayWrite: false },
  { method: 'POST', path: '/api/deployments', body: bodies.deployment, mayWrite: true },
  { method: 'POST', path: '/api/task_runs', body: bodies.taskRun, mayWrite: true },
  { method: 'POST', path: '/api/flow_runs', body: bodies.flowRun, mayWrite: true },
  { method: 'POST', path: '/api/flow_runs/bulk_delete', body: bodies.bulkDelete, mayWrite: true },
  { method: 'POST', path: '/api/flow_runs/bulk_set_state', body: bodies.bulkSetState, mayWrite: true },
  { method: 'POST', path: '/api/flow_runs/count', body: bodies.findFlowRuns, mayWrite: false },
  { method: 'POST', path: '/api/flow_runs/filter', body: bodies.findFlowRuns, mayWrite: false },
  { method: 'GET', path: '/api/flow_runs/:id', body: null, idOf: 'flow_run', mayWrite: false },
  { method: 'DELETE', path: '/api/flow_runs/:id', body: null, idOf: 'flow_run', mayWrite: true },
  {
    method: 'POST',
    path: '/api/flow_runs/:id/set_state',
    body: bodies.setState,
    idOf: 'flow_run',
    mayWrite: true,
  },
  { method: 'GET', path: '/api/flow_run_states/:id', body: null, idOf: 'state', mayWrite: false },
  {
    method: 'GET',
    path: '/api/flow_run_states',
    body: null,
    query: 'flow_run_id',
    idOf: 'flow_run',
    mayWrite: false,
  },
  {
    method: 'POST',
    path: '/api/v2/concurrency_limits/leases/:id/renew',
    body: bodies.renew,
    idOf: 'lease',
    mayWrite: true,
  },
];
