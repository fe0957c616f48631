import { v4 } from 'uuid';
import { z } from 'zod';
import { parseResponse } from './parseResponse';

type Headers = Readonly<Record<string, string>>;

/** The token that a server with protection against cross-site requests (CSRF) demands of each write. */
interface CrossSiteToken {
  /** The headers of a request; none before the server has demanded a token. */
  headers(): Headers;
  /**
   * Gets a token after a request was refused with these headers. Requests that were refused together share one.
   *
   * @param fetchToken reads a path of the API.
   */
  renew(refused: Headers, fetchToken: (path: string) => Promise<unknown>): Promise<void>;
}

const shape = z.object({ token: z.string() });
const none: Headers = {};

/** Prepares to get tokens for this process. */
export function createCrossSiteToken(): CrossSiteToken {
  const client = `switchyard-${v4()}`;
  let current = none;
  let renewal: Promise<void> | null = null;

  async function fetchNew(fetchToken: (path: string) => Promise<unknown>): Promise<void> {
    const path = `/csrf-token?client=${client}`;
    const { token } = parseResponse(shape, await fetchToken(path), 'GET /csrf-token');
    current = { 'prefect-csrf-token': token, 'prefect-csrf-client': client };
  }

  return {
    headers: () => current,
    async renew(refused, fetchToken) {
      if (refused !== current) return;
      renewal ??= fetchNew(fetchToken).finally(() => {
        renewal = null;
      });
      await renewal;
    },
  };
}

/** Whether a response 403 demands a token. */
export const demandsCrossSiteToken = (status: number, text: string): boolean =>
  status === 403 && text.includes('CSRF');
