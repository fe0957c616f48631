import type { Plugin } from 'graphql-yoga';
import type { Authenticated } from './useAuthentication';

/** Passes all requests at and below `/api` to the REST calls, with the authenticated actor. */
export function useRest(rest: {
  fetch(request: Request, authenticated: Authenticated): Response | Promise<Response>;
}): Plugin<object, Authenticated> {
  return {
    async onRequest({ request, url, serverContext: { actor }, fetchAPI, endResponse }) {
      if (!/^\/api(\/|$)/.test(url.pathname)) return;
      const response = await rest.fetch(request, actor ? { actor } : {});
      const { status, headers } = response;
      // Node's own Response has no reason phrase; this one has that of its status.
      endResponse(new fetchAPI.Response(response.body && (await response.text()), { status, headers }));
    },
  };
}
