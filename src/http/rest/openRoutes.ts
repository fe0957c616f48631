import { type OpenRoute, ok } from './route';

/** The version of the reference whose calls these are: its client refuses another major. */
export const referenceVersion = '3.8.8';

/** Where the OpenAPI document is, below `/api`. */
export const openApiPath = '/openapi.json';

/** The calls that need no key. */
export const openRoutes: readonly OpenRoute[] = [
  {
    method: 'GET',
    path: '/health',
    summary: 'Whether the gateway is up: always true.',
    responses: { 200: 'boolean' },
    scope: null,
    handle: () => ok(true),
  },
  {
    method: 'GET',
    path: '/admin/version',
    summary: 'The version of Prefect whose calls these are.',
    responses: { 200: 'string' },
    scope: null,
    handle: () => ok(referenceVersion),
  },
  {
    method: 'GET',
    path: '/csrf-token',
    summary: 'Responds that there are no CSRF tokens.',
    responses: { 404: 'object' },
    scope: null,
    handle: () => ({ status: 404, value: { detail: 'CSRF protection is disabled.' } }),
  },
];
