import type { Plugin } from 'graphql-yoga';
import type { Actor, Authenticate } from '../../authentication';
import { SwitchyardError } from '../../domain/errors';
import { graphqlStatuses } from '../errors/graphqlStatuses';
import { rejectionResponse } from '../errors/requestRejection';
import { openApiPath, openRoutes } from '../rest/openRoutes';

/** The actor of a request, known before its body is read. */
export interface Authenticated {
  actor?: Actor;
}

const openPaths: readonly string[] = [...openRoutes.map(({ path }) => path), openApiPath].map(
  path => `/api${path}`,
);

const isProtected = (path: string): boolean =>
  path === '/graphql' || (/^\/api(\/|$)/.test(path) && !openPaths.includes(path.replace(/\/$/, '')));

/**
 * Authenticates all requests to `/graphql` and `/api` by their headers, before the body is read, and stores the
 * actor. Responds with 401, or 503 while tokens cannot be verified.
 */
export function useAuthentication(authenticate: Authenticate): Plugin<object, Authenticated> {
  return {
    async onRequest(incoming) {
      const { request, url, serverContext, fetchAPI } = incoming;
      if (!isProtected(url.pathname)) return;
      try {
        serverContext.actor = await authenticate(request.headers.get('authorization'));
      } catch (error) {
        if (!(error instanceof SwitchyardError)) throw error;
        const { code, message } = error;
        const response = rejectionResponse(url, { status: graphqlStatuses[code], code, message }, fetchAPI);
        if (code === 'UNAUTHENTICATED') response.headers.set('www-authenticate', 'Bearer');
        incoming.endResponse(response);
      }
    },
  };
}
