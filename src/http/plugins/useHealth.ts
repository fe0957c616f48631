import type { Plugin } from 'graphql-yoga';
import type { Services } from '../../transitions/services';
import { healthAt } from '../health';

/** Serves `/livez` and `/readyz`. */
export function useHealth(services: Services): Plugin {
  return {
    async onRequest({ url, fetchAPI, endResponse }) {
      const health = await healthAt(url.pathname, services);
      if (health !== null) endResponse(fetchAPI.Response.json(health.body, { status: health.status }));
    },
  };
}
