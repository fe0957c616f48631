import type { Plugin } from 'graphql-yoga';
import { rejectionResponse } from '../errors/requestRejection';

const message =
  'There is nothing here. The console is at /console, GraphQL is at /graphql, the REST calls are below /api/, and ' +
  '/livez and /readyz report the health of the process.';

/** The pages that a browser can be redirected to. */
interface Pages {
  readonly console: boolean;
  readonly graphiql: boolean;
}

function homeOf({ console, graphiql }: Pages): string | null {
  if (console) return '/console';
  return graphiql ? '/graphql' : null;
}

/** Redirects browsers at `/` to the console, else to GraphiQL. Responds to other unknown paths with a list of the paths. */
export function useNotFoundPage(pages: Pages): Plugin {
  const home = homeOf(pages);
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      if (url.pathname === '/graphql') return;
      if (home !== null && url.pathname === '/' && request.headers.get('accept')?.includes('text/html')) {
        endResponse(new fetchAPI.Response(null, { status: 302, headers: { location: home } }));
        return;
      }
      endResponse(rejectionResponse(url, { status: 404, code: 'NOT_FOUND', message }, fetchAPI));
    },
  };
}
