import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import {
  useBodyLimit,
  useIntrospectionSwitch,
  useJsonOnly,
  useLoopbackHosts,
  useRequestId,
} from '../../../src/http/plugins';
import { toyServer } from './toyServer';

const json = { 'content-type': 'application/json' };
const hello = JSON.stringify({ query: '{ hello }' });

describe('useRequestId', () => {
  const { ask } = toyServer([useRequestId(() => 'made-here')]);

  it('returns the id that the request brought', async () => {
    const { headers } = await ask('{ hello }', {}, { 'x-request-id': 'brought-1' });
    expect(headers.get('x-request-id')).toBe('brought-1');
  });

  it.each([undefined, '', 'with space', '"quoted"', 'x'.repeat(129)])(
    'makes an id for a request that brought %s',
    async id => {
      const { headers } = await ask('{ hello }', {}, id === undefined ? {} : { 'x-request-id': id });
      expect(headers.get('x-request-id')).toBe('made-here');
    },
  );

  it('adds the id to every line that is logged meanwhile', async () => {
    const fail = () => Promise.reject(new Error('Broken'));
    const server = toyServer([useRequestId()], { Query: { hello: fail } });
    await server.ask('{ hello }', {}, { 'x-request-id': 'brought-2' });
    expect(JSON.parse(server.log())).toMatchObject({ requestId: 'brought-2', msg: 'Unexpected error' });
  });

  it('returns the id with a rejection', async () => {
    const { send } = toyServer([useRequestId(() => 'made-here'), useJsonOnly()]);
    const { status, headers } = await send({ body: 'query={hello}', headers: {} });
    expect([status, headers.get('x-request-id')]).toEqual([415, 'made-here']);
  });
});

describe('useBodyLimit', () => {
  const { send } = toyServer([useBodyLimit({ maxBodyBytes: 100 })]);
  const ofLength = (length: number): string => hello.padEnd(length, ' ');
  const streamed = (text: string): ReadableStream<Uint8Array> =>
    new ReadableStream({
      start(controller) {
        for (const part of text.match(/.{1,40}/g) ?? []) controller.enqueue(Buffer.from(part));
        controller.close();
      },
    });

  it.each(['with a length', 'streamed'])('accepts a body of exactly the limit (%s)', async how => {
    const answer =
      how === 'with a length'
        ? await send({ body: ofLength(100), headers: { ...json, 'content-length': '100' } })
        : await send({ body: streamed(ofLength(100)), headers: json, duplex: 'half' });
    expect(answer.data).toEqual({ hello: 'world' });
  });

  it.each(['with a length', 'streamed'])('rejects a larger body with 413 (%s)', async how => {
    const answer =
      how === 'with a length'
        ? await send({ body: ofLength(101), headers: { ...json, 'content-length': '101' } })
        : await send({ body: streamed(ofLength(101)), headers: json, duplex: 'half' });
    expect(answer.status).toBe(413);
    expect(answer.errors).toEqual([
      {
        message: 'The body of a request may have 100 bytes at most; this one has more.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  it('rejects in the format of REST under /api', async () => {
    const answer = await send({ body: ofLength(101), headers: json }, 'http://localhost/api/flow_runs');
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.text)).toEqual({ detail: expect.stringContaining('100 bytes') });
  });

  it('rejects over a real connection, and responds to the next request', async () => {
    const { yoga } = toyServer([useBodyLimit({ maxBodyBytes: 100 })]);
    const server = createServer(yoga);
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
    const post = async (init: RequestInit & { duplex?: 'half' }) =>
      (await fetch(url, { method: 'POST', headers: { ...json }, ...init })).status;
    try {
      expect(await post({ body: ofLength(100_000) })).toBe(413);
      expect(await post({ body: streamed(ofLength(101)), duplex: 'half' })).toBe(413);
      expect(await post({ body: streamed(ofLength(100_000)), duplex: 'half' })).toBe(413);
      expect(await post({ body: streamed(ofLength(100)), duplex: 'half' })).toBe(200);
    } finally {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    }
  });

  it('survives a body that breaks off', async () => {
    const body = new ReadableStream({ pull: controller => controller.error(new Error('Gone')) });
    expect((await send({ body, headers: json, duplex: 'half' })).status).toBe(400);
  });
});

describe('useJsonOnly', () => {
  const { send } = toyServer([useJsonOnly()]);

  it.each(['application/json', 'application/json; charset=utf-8', 'application/graphql+json'])(
    'accepts %s, without a further header',
    async type => {
      const { data } = await send({ body: hello, headers: { 'content-type': type } });
      expect(data).toEqual({ hello: 'world' });
    },
  );

  it.each([
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'application/graphql',
    'text/plain, application/json',
    'application/jsonx',
  ])('rejects "%s" with 415', async type => {
    for (const path of ['/graphql', '/api/flow_runs']) {
      const answer = await send(
        { body: hello, headers: { 'content-type': type } },
        `http://localhost${path}`,
      );
      expect(answer.status).toBe(415);
      expect(answer.text).toContain('Send JSON');
    }
  });

  describe('a request without a content type', () => {
    const untyped = (path: string, headers: Record<string, string> = {}) =>
      send({ body: new TextEncoder().encode(hello), headers }, `http://localhost${path}`);

    it('is passed on to the REST calls if no page has sent it', async () => {
      expect((await untyped('/api/flow_runs')).status).not.toBe(415);
      expect((await untyped('/graphql')).status).toBe(415);
    });

    it.each(['origin', 'sec-fetch-site'])('is rejected with the header %s', async header => {
      expect((await untyped('/api/flow_runs', { [header]: 'null' })).status).toBe(415);
    });
  });
});

describe('useLoopbackHosts', () => {
  it.each(['localhost:4200', '127.0.0.1', '[::1]:4200'])('accepts requests to %s', async host => {
    const { ask } = toyServer([useLoopbackHosts({ apiKeys: [] })]);
    expect((await ask('{ hello }', {}, { host })).data).toEqual({ hello: 'world' });
  });

  it('rejects requests to another host', async () => {
    const { ask } = toyServer([useLoopbackHosts({ apiKeys: [] })]);
    const answer = await ask('{ hello }', {}, { host: 'evil.example.com' });
    expect(answer.status).toBe(421);
    expect(answer.errors[0]).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  });

  it('accepts every host where callers authenticate', async () => {
    const { ask } = toyServer([useLoopbackHosts({ apiKeys: [], jwksUrl: 'https://login.example.com/keys' })]);
    expect((await ask('{ hello }', {}, { host: 'gateway.example.com' })).data).toEqual({ hello: 'world' });
  });
});

describe('useIntrospectionSwitch', () => {
  it.each([
    ['on', true],
    ['off', false],
  ])('allows introspection only when it is switched on: %s', async (_word, introspection) => {
    const { ask } = toyServer([useIntrospectionSwitch({ introspection })]);
    const { data } = await ask('{ __schema { queryType { name } } }');
    expect(data).toEqual(introspection ? { __schema: { queryType: { name: 'Query' } } } : undefined);
    expect((await ask('{ hello __typename }')).errors).toEqual([]);
  });
});
