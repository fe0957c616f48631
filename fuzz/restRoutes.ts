import type { z } from 'zod';
import { createRoutes } from '../src/http/rest/routes';

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

const idsOf: Readonly<Record<string, Pick<RestRoute, 'idOf' | 'query'>>> = {
  '/flow_runs/:id': { idOf: 'flow_run' },
  '/flow_runs/:id/set_state': { idOf: 'flow_run' },
  '/flow_run_states/:id': { idOf: 'state' },
  '/flow_run_states': { query: 'flow_run_id', idOf: 'flow_run' },
  '/v2/concurrency_limits/leases/:id/renew': { idOf: 'lease' },
};

/** Every REST call. */
export const restRoutes: readonly RestRoute[] = createRoutes({ maxListLength: 10_000, maxPageSize: 200 }).map(
  ({ method, path, scope, body = null }) => ({
    method,
    path: `/api${path}`,
    body,
    mayWrite: scope === 'write',
    ...idsOf[path],
  }),
);
