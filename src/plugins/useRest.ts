import type { Plugin } from 'graphql-yoga';

/** Hands every request at and below `/api` to the REST calls. */
export function useRest(rest: { fetch(request: Request): Response | Promise<Response> }): Plugin {
  return {
    async onRequest({ request, url, endResponse }) {
      if (/^\/api(\/|$)/.test(url.pathname)) endResponse(await rest.fetch(request));
    },
  };
}
