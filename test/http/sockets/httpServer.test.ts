import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { readConfig } from '../../../src/config/config';
import {
  createHttpServer,
  type HttpServer,
  type HttpServerOptions,
} from '../../../src/http/sockets/httpServer';
import { createLogger } from '../../../src/platform/logging';
import { until } from '../../harness/waiting';
import { open as connectTo, readAll } from '../hostile/rawClient';

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
const post = (length: number, body: string): string =>
  `POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${length}\r\n\r\n${body}`;
const statusOf = (received: string): number => Number(/^HTTP\/1\.1 (\d{3}) /.exec(received)?.[1]);

describe('an HTTP server', () => {
  let log = '';
  let server: HttpServer;
  let port: number;
  const held: ServerResponse[] = [];
  const clients: Socket[] = [];

  /** Responds to `/` at once, to `/hold` when the test says, to `/fail` never, to `/large` with 50 MB, else with the body. */
  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (request.url) {
      case '/':
        response.end('ok');
        break;
      case '/hold':
        held.push(response);
        break;
      case '/fail':
        throw new Error('out of order', { cause: new Error('a wire') });
      case '/large':
        response.end('x'.repeat(50_000_000));
        break;
      case undefined:
      default:
        response.end(await text(request));
    }
  }

  async function start(
    settings: Record<string, string>,
    options: Partial<HttpServerOptions> = {},
  ): Promise<void> {
    log = '';
    const logger = createLogger('info', { write: line => void (log += line) });
    server = createHttpServer({
      settings: readConfig({ PORT: '0', ...settings }),
      logger,
      respond,
      ...options,
    });
    ({ port } = await server.listen());
  }
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    held.length = 0;
    await server?.close(0);
  });

  async function open(sent = ''): Promise<Socket> {
    const client = await connectTo(port);
    if (client === null) throw new Error('the server accepts no connection');
    clients.push(client);
    if (sent !== '') client.write(sent);
    return client;
  }

  const endOf = (client: Socket): Promise<unknown> =>
    new Promise(resolve => {
      client.resume().once('end', resolve).once('close', resolve);
    });

  const ask = async (sent: string): Promise<string> => readAll(await open(sent), 10_000);

  test('closes a connection that is silent, and one that sends its headers slowly, with 408', async () => {
    await start({ HEADER_TIMEOUT_SECONDS: '1' });
    const received = await Promise.all([ask(''), ask('GET / HTTP/1.1\r\nHost: 127')]);
    expect(received.map(statusOf)).toEqual([408, 408]);
  });

  test('closes a connection whose body does not end, with 408', async () => {
    await start({ HEADER_TIMEOUT_SECONDS: '1', RECEIVE_TIMEOUT_SECONDS: '1' });
    const chunked = 'POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n';
    const received = await Promise.all([ask(post(10, 'x')), ask(chunked)]);
    expect(received.map(statusOf)).toEqual([408, 408]);
  });

  test('leaves a connection open between two requests, for the time of the setting', async () => {
    await start({ KEEP_ALIVE_SECONDS: '2' });
    const client = await open(get('/'));
    const [first] = (await once(client, 'data')) as [Buffer];
    expect(String(first)).toContain('Keep-Alive: timeout=2');
    const startTime = performance.now();
    client.resume();
    await once(client, 'end');
    expect(performance.now() - startTime).toBeGreaterThan(1500);
  });

  test('closes the connection of a client that does not read its response', async () => {
    await start({ SEND_TIMEOUT_SECONDS: '1' });
    const client = await open(get('/large'));
    client.pause();
    await until(() => server.connections.size === 1);
    await until(() => server.connections.size === 0);
  });

  test('replaces the longest silent connection by a new one at the maximum number', async () => {
    await start({ MAX_CONNECTIONS: '3' });
    const used = await open(get('/'));
    await once(used, 'data');
    const [oldest, newer] = [await open(), await open()];
    await until(() => server.connections.size === 3);
    const cut = endOf(oldest);
    expect(statusOf(await ask(get('/')))).toBe(200);
    await cut;
    expect([used.destroyed, newer.destroyed]).toEqual([false, false]);
  });

  test('responds with 503 to a new connection if all others have a request in progress', async () => {
    await start({ MAX_CONNECTIONS: '2' });
    await Promise.all([open(get('/hold')), open(get('/hold'))]);
    await until(() => held.length === 2);
    const received = await ask(get('/'));
    expect(statusOf(received)).toBe(503);
    expect(received).toContain('Retry-After: 1');
    expect(held).toHaveLength(2);
  });

  test('accepts clients beside hundreds of connections that send nothing or half a head', async () => {
    await start({ MAX_CONNECTIONS: '200' });
    for (let count = 0; count < 300; count++) await open(count % 2 === 0 ? '' : 'GET / HTTP');
    expect(statusOf(await ask(get('/')))).toBe(200);
    expect(server.connections.size).toBeLessThanOrEqual(201);
  });

  test('responds with 503 to a body without room for it, until there is room', async () => {
    await start({ MAX_BODY_BYTES: '1000', MAX_BODY_BYTES_IN_FLIGHT: '1500' });
    const first = await open(post(1000, 'x'));
    await until(() => server.bodyBudget.reservedBytes === 1000);
    expect(statusOf(await ask(post(1000, 'y'.repeat(1000))))).toBe(503);
    first.write('x'.repeat(999));
    expect(statusOf(await readAll(first, 10_000))).toBe(200);
    expect(statusOf(await ask(post(1000, 'y'.repeat(1000))))).toBe(200);
    await until(() => server.bodyBudget.reservedBytes === 0);
  });

  test('disconnects bodies that arrive slowly if others need their room', async () => {
    await start({ MAX_BODY_BYTES: '1000', MAX_BODY_BYTES_IN_FLIGHT: '1500' });
    const slow = await open(post(1000, 'x'));
    const cut = endOf(slow);
    await until(async () => statusOf(await ask(post(1000, 'y'.repeat(1000)))) === 200);
    await cut;
  });

  test('counts a body without a length as a full one until it has arrived', async () => {
    await start({ MAX_BODY_BYTES: '1000000', MAX_BODY_BYTES_IN_FLIGHT: '1000000' });
    const client = await open(
      'POST /hold HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n',
    );
    await until(() => server.bodyBudget.reservedBytes === 1_000_000);
    held[0]?.req.resume();
    client.write('0\r\n\r\n');
    await until(() => server.bodyBudget.reservedBytes < 100_000);
  });

  test('logs errors of its handler with their cause, and responds with 500 and no details', async () => {
    await start({});
    const received = await ask(get('/fail'));
    expect(statusOf(received)).toBe(500);
    expect(received).toContain('"message":"Unexpected error."');
    expect(received).not.toContain('out of order');
    expect(JSON.parse(log)).toMatchObject({
      level: 'error',
      err: { message: 'out of order', cause: { message: 'a wire' } },
    });
  });

  test.each([
    ['/graphql', '{"errors":[{"message":"The Expect header must be 100-continue or absent."'],
    ['/api/health', '{"detail":"The Expect header must be 100-continue or absent."}'],
  ])('rejects an unknown expectation with 417 and the reason, at %s', async (path, body) => {
    await start({});
    const received = await ask(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: nope\r\n\r\n${get('/')}`);
    expect(statusOf(received)).toBe(417);
    expect(received).toContain(body);
    expect(received).toMatch(/ok$/);
  });

  test('ignores an upgrade to an unknown protocol, and responds to the request', async () => {
    await start({}, { upgrade: (_request, socket) => socket.destroy() });
    const received = await ask(
      'POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n' +
        'HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\nContent-Length: 5\r\n\r\nhello',
    );
    expect(statusOf(received)).toBe(200);
    expect(received).toMatch(/hello$/);
  });

  test('responds to all requests of a client that has half-closed its connection, and closes', async () => {
    await start({});
    const client = await open();
    client.end(get('/hold') + get('/'));
    await until(() => held.length === 1);
    const received = readAll(client, 10_000);
    held[0]?.end('late');
    expect(await received).toMatch(/late[^]*ok/);
    await until(() => server.connections.size === 0);
  });

  test('ends a stream to a client that has half-closed its connection, because it may be gone', async () => {
    await start({});
    const client = await open(get('/hold'));
    await until(() => held.length === 1);
    held[0]?.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n');
    await once(client, 'data');
    client.end();
    await until(() => server.connections.size === 0);
  });

  test('sends the response to a valid request before it rejects the bytes behind it', async () => {
    await start({});
    const received = await ask(`${get('/')}no request\r\n\r\n`);
    expect([...received.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status)).toEqual(['200', '400']);
  });

  test('upgrades a connection only after the responses to earlier requests', async () => {
    await start({}, { upgrade: (_request, socket) => void socket.end('upgraded') });
    const client = await open(
      `${get('/hold')}GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    );
    await until(() => held.length === 1);
    const received = readAll(client, 10_000);
    held[0]?.end('late');
    expect(await received).toMatch(/late[^]*upgraded$/);
  });

  test('stops at once despite silent, idle and half-sent connections', async () => {
    await start({});
    const idle = await open(get('/'));
    await once(idle, 'data');
    await Promise.all([open(), open('GET / HT'), open(post(10, 'x'))]);
    await until(() => server.connections.size === 4);
    const startTime = performance.now();
    await server.close(30);
    expect(performance.now() - startTime).toBeLessThan(5000);
  });

  test('stops soon despite clients that do not read their response or their stream', async () => {
    await start({});
    const [large, stream] = [await open(get('/large')), await open(get('/hold'))];
    large.pause();
    stream.pause();
    await until(() => held.length === 1);
    held[0]?.writeHead(200, { 'content-type': 'text/event-stream' }).write('x'.repeat(50_000_000));
    await until(() => server.connections.size === 2);
    const startTime = performance.now();
    await server.close(30);
    expect(performance.now() - startTime).toBeLessThan(10_000);
  });

  test('stops after the response to a request in progress, and closes its connection', async () => {
    await start({});
    const client = await open(get('/hold'));
    await until(() => held.length === 1);
    const closed = server.close(30);
    held[0]?.end('done');
    const received = await readAll(client, 10_000);
    expect(received).toMatch(/^connection: close/im);
    expect(received).toContain('done');
    await closed;
  });

  test('disconnects a request in progress when the time limit of the stop is over', async () => {
    await start({});
    await open(get('/hold'));
    await until(() => held.length === 1);
    await server.close(0.2);
    await until(() => server.connections.size === 0);
  });
});
