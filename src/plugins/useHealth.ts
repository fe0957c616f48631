import type { Plugin } from 'graphql-yoga';
import type { Services } from '../app/services';

/** Answers `/livez` (the process runs) and `/readyz` (its database answers and is migrated). */
export function useHealth({ database }: Pick<Services, 'database'>): Plugin {
  return {
    async onRequest({ url, fetchAPI, endResponse }) {
      const answer = (status: number, body: unknown) => endResponse(fetchAPI.Response.json(body, { status }));
      if (url.pathname === '/livez') return answer(200, { status: 'ok' });
      if (url.pathname !== '/readyz') return;
      try {
        if (await database.isReady()) return answer(200, { status: 'ok' });
        return answer(503, { status: 'unavailable', reason: 'The database is not migrated.' });
      } catch {
        return answer(503, { status: 'unavailable', reason: 'The database cannot be reached.' });
      }
    },
  };
}
