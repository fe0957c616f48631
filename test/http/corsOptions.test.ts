import { once } from 'node:events';
import { WebSocket } from 'ws';
import { describeOnDatabases } from '../harness/databases';
import { startGateway, type TestGateway } from '../harness/gateway';
import { shared } from '../harness/shared';

const allowed = 'https://ops.example.com';
const other = 'https://evil.example.org';

const query = (gateway: TestGateway, origin: string): Promise<Response> =>
  fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ query: '{ __typename }' }),
  });

const preflight = (url: string, origin: string): Promise<Response> =>
  fetch(url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });

/** `open`, or the status with which the handshake is rejected. */
async function openSocket(gateway: TestGateway, origin: string): Promise<number | 'open'> {
  const socket = new WebSocket(gateway.url.replace('http', 'ws'), 'graphql-transport-ws', {
    headers: { origin },
  });
  const result = await Promise.race([
    once(socket, 'open').then(() => 'open' as const),
    once(socket, 'unexpected-response').then(
      ([, response]) => (response as { statusCode: number }).statusCode,
    ),
  ]);
  socket.on('error', () => undefined);
  socket.terminate();
  return result;
}

describeOnDatabases(['embedded'], 'web pages of other origins', database => {
  describe('where ALLOWED_ORIGINS names some', () => {
    const gateway = shared(() =>
      startGateway(database.url, {
        ALLOWED_ORIGINS: `${allowed},http://localhost:5173`,
        API_KEYS: `a:read:${'0'.repeat(64)}`,
      }),
    );

    test('lets a page of an allowed origin read responses, errors included', async () => {
      const response = await query(gateway, allowed);
      expect(response.status).toBe(401);
      expect(response.headers.get('access-control-allow-origin')).toBe(allowed);
      expect(response.headers.get('access-control-allow-credentials')).toBeNull();
      expect(response.headers.get('vary')).toContain('Origin');
    });

    test.each(['/graphql', '/api/flow_runs/filter'])(
      'responds to the preflight of an allowed origin for %s',
      async path => {
        const response = await preflight(new URL(path, gateway.url).href, allowed);
        expect(response.status).toBe(204);
        expect(response.headers.get('access-control-allow-origin')).toBe(allowed);
        expect(response.headers.get('access-control-allow-headers')).toBe('authorization,content-type');
        expect(response.headers.get('access-control-allow-methods')).toContain('POST');
      },
    );

    test.each([other, 'null'])('allows a page of origin %s nothing', async origin => {
      for (const response of [await query(gateway, origin), await preflight(gateway.url, origin)])
        expect(response.headers.get('access-control-allow-origin')).toBeNull();
    });

    test('opens WebSockets for allowed origins only', async () => {
      expect(await openSocket(gateway, allowed)).toBe('open');
      expect(await openSocket(gateway, other)).toBe(403);
    });
  });

  describe('where ALLOWED_ORIGINS names none', () => {
    const gateway = shared(() => startGateway(database.url));

    test('sends no CORS header and rejects preflights', async () => {
      expect((await query(gateway, allowed)).headers.get('access-control-allow-origin')).toBeNull();
      expect((await preflight(gateway.url, allowed)).status).toBe(405);
    });

    test('opens WebSockets for its own origin only', async () => {
      expect(await openSocket(gateway, new URL(gateway.url).origin)).toBe('open');
      expect(await openSocket(gateway, allowed)).toBe(403);
    });
  });
});
