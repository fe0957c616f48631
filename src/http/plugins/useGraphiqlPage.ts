import type { Plugin } from 'graphql-yoga';
import { madeOnce } from '../../platform/madeOnce';
import { examples } from '../graphiql/examples';
import { makeGraphiqlPage } from '../graphiql/graphiqlPage';
import { storedFileResponse } from '../storedFile';

/**
 * Serves the GraphiQL page to browsers at `/graphql`. Yoga's own would be rendered and compressed again for each load, which
 * takes half a second; this one is sent once to each browser, which then asks whether it is still the same.
 */
export function useGraphiqlPage({ graphiql: isOn }: { readonly graphiql: boolean }): Plugin {
  if (!isOn) return {};
  const getPage = madeOnce(() => makeGraphiqlPage(examples));
  return {
    async onRequest({ request, url, fetchAPI, endResponse }) {
      if (!/^\/graphql\/?$/.test(url.pathname) || !['GET', 'HEAD'].includes(request.method)) return;
      if (!request.headers.get('accept')?.includes('text/html')) return;
      endResponse(storedFileResponse(await getPage(), request, { 'cache-control': 'no-cache' }, fetchAPI));
    },
  };
}
