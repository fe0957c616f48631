import { useCompression, useGraphiqlPage } from '../../../src/http/plugins';
import { toyServer } from './toyServer';

const asBrowser = { accept: 'text/html,application/xhtml+xml', 'accept-encoding': 'gzip, deflate, br, zstd' };

const getFrom = (graphiql: boolean) => {
  const { yoga } = toyServer([useGraphiqlPage({ graphiql }), useCompression()]);
  return async (headers: Record<string, string>, path = '/graphql', method = 'GET') =>
    yoga.fetch(`http://localhost${path}`, { method, headers });
};

describe('useGraphiqlPage', () => {
  it('sends the page compressed, and 304 without it to a browser that has it', async () => {
    const get = getFrom(true);
    const first = await get(asBrowser);
    expect([first.status, first.headers.get('content-encoding')]).toEqual([200, 'gzip']);
    expect(first.headers.get('cache-control')).toBe('no-cache');
    expect((await first.arrayBuffer()).byteLength).toBe(Number(first.headers.get('content-length')));
    const again = await get({ ...asBrowser, 'if-none-match': first.headers.get('etag') ?? '' });
    expect([again.status, (await again.arrayBuffer()).byteLength]).toEqual([304, 0]);
    expect(again.headers.get('content-encoding')).toBeNull();
  });

  it.each([
    ['where it is switched off', false, asBrowser, '/graphql', 'GET'],
    ['to a client that accepts no HTML', true, { accept: 'application/json' }, '/graphql', 'GET'],
    ['at another address', true, asBrowser, '/graphql/more', 'GET'],
    ['to a POST', true, asBrowser, '/graphql', 'POST'],
  ])('does not send it %s', async (_where, isOn, headers, path, method) => {
    const response = await getFrom(isOn)(headers, path, method);
    expect(response.headers.get('etag')).toBeNull();
    await response.body?.cancel();
  });
});
