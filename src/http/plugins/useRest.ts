import type { Plugin } from 'graphql-yoga';
import type { Authenticated } from './useAuthentication';

/** Hands every request at and below `/api` to the REST calls, with the actor that was authenticated. */
export function useRest(rest: {
  fetch(request: Request, authenticated: Authenticated): Response | Promise<Response>;
}): Plugin<object, Authenticated> {
  return {
    async onRequest({ request, url, serverContext: { actor }, endResponse }) {
      if (/^\/api(\/|$)/.test(url.pathname)) endResponse(await rest.fetch(request, actor ? { actor } : {}));
    },
  };
}
