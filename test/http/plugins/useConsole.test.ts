import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { readConsoleFiles } from '../../../src/http/console/consoleFiles';
import { useConsole } from '../../../src/http/plugins';
import { toyServer } from './toyServer';

const server = toyServer([useConsole({ console: true })]);

/** A response as it arrives: the body is not decompressed. */
async function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const response = await server.yoga.fetch(`http://localhost${path}`, { method, headers });
  return {
    status: response.status,
    headers: response.headers,
    body: Buffer.from(await response.arrayBuffer()),
  };
}

const scriptPath = async (): Promise<string> => {
  const [, path] = /src="([^"]+\.js)"/.exec((await get('/console')).body.toString()) ?? [];
  return path ?? '';
};

describe('useConsole', () => {
  it('serves the page without caching it, under a policy that permits nothing from elsewhere and nothing inline', async () => {
    const { status, headers, body } = await get('/console');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-cache');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'self';/);
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(body.toString()).not.toMatch(/<script(?![^>]*src=)|<style|style=|https?:/);
  });

  it('serves a file for ever under its hashed name, compressed as the client accepts it', async () => {
    const path = await scriptPath();
    const plain = await get(path);
    expect(plain.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(plain.headers.get('vary')).toBe('Accept-Encoding');
    const gzip = await get(path, { 'accept-encoding': 'gzip, br;q=0' });
    expect(gzip.headers.get('content-encoding')).toBe('gzip');
    expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true);
    const brotli = await get(path, { 'accept-encoding': 'gzip, deflate, br, zstd' });
    expect(brotli.headers.get('content-encoding')).toBe('br');
    expect(brotliDecompressSync(brotli.body).equals(plain.body)).toBe(true);
  });

  it('responds with 304 to a client that has the page', async () => {
    const etag = (await get('/console')).headers.get('etag') ?? '';
    const { status, body } = await get('/console', { 'if-none-match': etag });
    expect([status, body.length]).toEqual([304, 0]);
  });

  it.each(['/console/', '/console/runs', '/console/operations/1', '/console/nowhere'])(
    'serves the page at %s, which shows the view or that there is none',
    async path => {
      const { status, body } = await get(path);
      expect([status, body.toString()]).toEqual([200, (await get('/console')).body.toString()]);
    },
  );

  it('responds with 404 and what to do to a file that there is not', async () => {
    const { status, body } = await get('/console/assets/index-old.js');
    expect(status).toBe(404);
    expect(body.toString()).toContain('Load /console again.');
  });

  it('rejects other methods than GET and HEAD', async () => {
    const { status, headers } = await get('/console', {}, 'POST');
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await get('/console', {}, 'HEAD')).status).toBe(200);
  });

  it('reports with 404 how to build the console where it is not built', async () => {
    const unbuilt = toyServer([useConsole({ console: true }, () => readConsoleFiles('/nowhere'))]);
    const response = await unbuilt.yoga.fetch('http://localhost/console');
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('npm run build');
  });

  it('leaves all other paths alone, and those too where it is switched off', async () => {
    expect((await get('/consoles')).status).toBe(404);
    const off = toyServer([useConsole({ console: false })]);
    expect((await off.yoga.fetch('http://localhost/console')).status).toBe(404);
  });
});
