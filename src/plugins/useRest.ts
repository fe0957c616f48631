import type { Plugin } from 'graphql-yoga';

/** Hands every request below `/api` to the REST calls. */
export function useRest(rest: { fetch(request: Request): Response | Promise<Response> }): Plugin {
  return {
    async onRequest({ request, url, endResponse }) {
      if (url.pathname.startsWith('/api/')) endResponse(await rest.fetch(request));
    },
  };
}
