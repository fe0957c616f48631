import { type OpenRoute, ok } from './route';

/** The version of the reference whose calls these are: its client refuses another major. */
const referenceVersion = '3.8.8';

/** The calls that need no key. */
export const openRoutes: readonly OpenRoute[] = [
  { method: 'GET', path: '/health', scope: null, handle: () => ok(true) },
  { method: 'GET', path: '/admin/version', scope: null, handle: () => ok(referenceVersion) },
  {
    method: 'GET',
    path: '/csrf-token',
    scope: null,
    handle: () => ({ status: 404, value: { detail: 'CSRF protection is disabled.' } }),
  },
];
