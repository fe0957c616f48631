import type { Plugin } from 'graphql-yoga';
import { rejectionResponse } from '../errors/requestRejection';

const message =
  'There is nothing here. GraphQL is at /graphql, the REST calls are below /api/, and /livez and /readyz report the ' +
  'health of the process.';

/** Redirects browsers at `/` to GraphiQL, and responds to other unknown paths with a list of the paths. */
export function useNotFoundPage({ graphiql }: { readonly graphiql: boolean }): Plugin {
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      if (url.pathname === '/graphql') return;
      if (graphiql && url.pathname === '/' && request.headers.get('accept')?.includes('text/html')) {
        endResponse(new fetchAPI.Response(null, { status: 302, headers: { location: '/graphql' } }));
        return;
      }
      endResponse(rejectionResponse(url, { status: 404, code: 'NOT_FOUND', message }, fetchAPI));
    },
  };
}
