import type { Plugin } from 'graphql-yoga';
import type { GraphiQLSettings } from '../graphiql/graphiqlSettings';

/** Responds to HEAD as to GET, where that is the page to try queries on: Yoga has the page for GET alone. */
export function useGraphiqlHead({ graphiql, renderGraphiQL }: GraphiQLSettings): Plugin {
  return {
    async onRequest({ request, url, fetchAPI, endResponse }) {
      if (graphiql === false || request.method !== 'HEAD' || url.pathname !== '/graphql') return;
      if (!request.headers.get('accept')?.includes('text/html')) return;
      // Node sends the headers of the page, and drops its body.
      const page = await renderGraphiQL(graphiql);
      endResponse(new fetchAPI.Response(page, { headers: { 'Content-Type': 'text/html' } }));
    },
  };
}
