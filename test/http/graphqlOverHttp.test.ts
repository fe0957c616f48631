import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { serverAudits } from 'graphql-http';
import { FlowEntity } from '../../src/persistence/entities/deployment';
import { describeOnDatabases } from '../harness/databases';
import { startGateway } from '../harness/gateway';
import { seededGateway } from '../harness/seededGateway';
import { countListeners, subscribe } from '../harness/subscribing';
import { startTokenIssuer, type TokenIssuer } from '../harness/tokenIssuer';
import { until } from '../harness/waiting';

const changes = 'subscription { flowRunStateChanged { state { type } } }';
const json = { 'content-type': 'application/json' };
const mediaTypes = ['application/json', 'application/graphql-response+json', 'text/event-stream', '*/*'];

interface Errors {
  errors: { message: string; extensions: { code: string } }[];
}

describeOnDatabases(['embedded'], 'GraphQL over HTTP', database => {
  const gateway = seededGateway(database);
  let listeners: () => number;

  beforeAll(() => {
    listeners = countListeners(gateway.services);
  });

  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(gateway.url, { method: 'POST', headers: { ...json, ...headers }, body });
  const get = (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${gateway.url}?${new URLSearchParams(parameters)}`, { headers });

  describe('in the audits of graphql-http', () => {
    test.each(serverAudits({ url: 'http://localhost' }).map(({ id, name }) => [id, name]))(
      'passes the audit %s: %s',
      async (id, name) => {
        const audit = serverAudits({ url: gateway.url }).find(one => one.id === id);
        const result = await audit?.fn();
        // What a server MAY do is no fault where it is not done.
        if (!name.startsWith('MAY')) expect(result).toMatchObject({ status: 'ok' });
      },
    );
  });

  describe.each(mediaTypes)('accepted as %s', accept => {
    test.each([
      ['JSON that ends too soon', '{"query":'],
      ['a text', '"{ __typename }"'],
      ['null', 'null'],
      ['a list', '[{"query":"{ __typename }"}]'],
      ['no query', '{"variables":{}}'],
      ['a query that is no text', '{"query":{}}'],
      ['variables that are no object', '{"query":"{ __typename }","variables":[]}'],
      ['nothing', ''],
    ])('rejects %s as the body with 400', async (_what, body) => {
      const response = await post(body, { accept });
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('BAD_USER_INPUT');
    });

    test('rejects variables of a GET that are not JSON with 400', async () => {
      const response = await get({ query: '{ __typename }', variables: '{' }, { accept });
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('The parameter variables is not JSON.');
    });
  });

  test.each([
    ['multipart/mixed;subscriptionSpec=1.0, application/json'],
    ['multipart/mixed;subscriptionSpec=1.0'],
    ['application/json'],
    ['application/graphql-response+json'],
    ['image/png'],
  ])(
    'rejects a subscription with Accept: %s with 406 that names the transports, and ends it',
    async accept => {
      const response = await post(JSON.stringify({ query: changes }), { accept });
      expect(response.status).toBe(406);
      expect(response.headers.get('content-type')).toContain('application/json');
      const { errors } = (await response.json()) as Errors;
      expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
      for (const name of [
        'application/json',
        'application/graphql-response+json',
        'text/event-stream',
        'graphql-ws',
      ])
        expect(errors[0]?.message).toContain(name);
      await until(() => listeners() === 0);
    },
  );

  test.each(['PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND', 'QUERY', 'HEAD'])(
    'rejects the method %s with 405 and the names of the allowed methods',
    async method => {
      // The fetch of Node sends no TRACE.
      const sent = request(gateway.url, { method, headers: { accept: 'application/json' } });
      sent.end();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      response.resume();
      expect([response.statusCode, response.headers.allow]).toEqual([405, 'GET, POST']);
    },
  );

  test('responds to a REST call with the reason phrase of its status', async () => {
    const responses = await Promise.all([
      fetch(new URL('/api/flows', gateway.url), { method: 'PUT' }),
      fetch(new URL('/api/health', gateway.url)),
    ]);
    expect(responses.map(({ status, statusText }) => `${status} ${statusText}`)).toEqual([
      '405 Method Not Allowed',
      '200 OK',
    ]);
    expect(await responses[0]?.text()).toBe('{"detail":"Method Not Allowed"}');
  });

  test('responds to HEAD for the GraphiQL page with the headers of GET, without a body', async () => {
    const [head, page] = await Promise.all(
      ['HEAD', 'GET'].map(method => fetch(gateway.url, { method, headers: { accept: 'text/html' } })),
    );
    const about = ({ status, headers }: Response) => [
      status,
      headers.get('content-type'),
      headers.get('content-length'),
    ];
    expect(about(head as Response)).toEqual(about(page as Response));
    expect(head?.status).toBe(200);
    expect(await head?.text()).toBe('');
    await page?.body?.cancel();
  });

  test('rejects a query whose response the client could not read with 406', async () => {
    const response = await post('{"query":"{ __typename }"}', { accept: 'image/png' });
    expect(response.status).toBe(406);
    expect(((await response.json()) as Errors).errors[0]?.message).toContain('application/json');
  });

  test.each(['POST', 'GET'])(
    'rejects a persisted query over %s with PersistedQueryNotSupported',
    async method => {
      const extensions = { persistedQuery: { version: 1, sha256Hash: 'ab'.repeat(32) } };
      const send = (accept: string) =>
        method === 'POST'
          ? post(JSON.stringify({ extensions }), { accept })
          : get({ extensions: JSON.stringify(extensions) }, { accept });
      const errors = [
        { message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } },
      ];
      const plain = await send('application/json');
      expect([plain.status, await plain.json()]).toEqual([200, { errors }]);
      const strict = await send('application/graphql-response+json');
      expect([strict.status, await strict.json()]).toEqual([400, { errors }]);
    },
  );

  describe('a page of another origin', () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const mutation = 'mutation { createFlow(input: { name: "forged" }) { id } }';
    const isMade = () =>
      gateway.services.database.primary.getRepository(FlowEntity).findBy({ name: 'forged' });

    test.each([
      ['a form', () => post(new URLSearchParams({ query: mutation }).toString(), form), 415],
      ['plain text', () => post(JSON.stringify({ query: mutation }), { 'content-type': 'text/plain' }), 415],
      ['multipart data', () => post('x', { 'content-type': 'multipart/form-data; boundary=x' }), 415],
      ['a GET', () => get({ query: mutation }), 405],
    ])('cannot change anything with %s', async (_what, send, status) => {
      const response = await send();
      expect(response.status).toBe(status);
      expect(await isMade()).toEqual([]);
    });

    test('cannot read the response to a GET or a JSON request, because no response allows another origin', async () => {
      const origin = 'https://evil.example.com';
      for (const response of [
        await get({ query: '{ __typename }' }, { origin }),
        await post('{"query":"{ __typename }"}', { origin }),
        await fetch(gateway.url, {
          method: 'OPTIONS',
          headers: {
            origin,
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'content-type',
          },
        }),
      ])
        expect([...response.headers.keys()].filter(name => name.startsWith('access-control'))).toEqual([]);
    });
  });

  test('asks proxies to pass on each event of a stream at once, and not to store them', async () => {
    const response = await post(JSON.stringify({ query: changes }), { accept: 'text/event-stream' });
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    const reader = response.body?.getReader();
    // What is sent while nothing happens.
    for (let count = 0; count < 3; count++)
      expect(new TextDecoder().decode((await reader?.read())?.value)).toMatch(/^(:\n\n)+$/);
    await reader?.cancel();
    await until(() => listeners() === 0);
  });

  test('accepts GET for a stream, as the EventSource of browsers sends it', async () => {
    const response = await get({ query: changes }, { accept: 'text/event-stream' });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    await until(() => listeners() === 1);
    await response.body?.cancel();
    await until(() => listeners() === 0);
  });

  test('ends the subscription of a stalled reader that leaves', async () => {
    const reader = request(gateway.url, {
      method: 'POST',
      headers: { ...json, accept: 'text/event-stream' },
    });
    reader.on('error', () => undefined);
    reader.on('response', response => response.pause());
    reader.end(JSON.stringify({ query: 'subscription { flowRunStateChanged { state { message } } }' }));
    await until(() => listeners() === 1);
    await gateway.seeding.createFlowRuns(
      Array.from({ length: 20 }, () => ({
        flowId: gateway.flowId,
        state: { type: 'RUNNING', message: 'm'.repeat(90_000) },
      })),
    );
    reader.destroy();
    await until(() => listeners() === 0);
  });
});

describeOnDatabases(['embedded'], 'a stream of server-sent events', database => {
  let issuer: TokenIssuer;

  beforeAll(async () => {
    issuer = await startTokenIssuer();
  });
  afterAll(() => issuer.close());

  test('ends with UNAVAILABLE and complete as soon as the gateway stops', async () => {
    const gateway = await startGateway(database.url);
    const listeners = countListeners(gateway.services);
    const subscription = subscribe(gateway, changes);
    const last = subscription.next();
    await until(() => listeners() === 1);
    const start = performance.now();
    const closed = gateway.close();
    expect((await last)?.errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }]);
    expect(await subscription.next()).toBeNull();
    await closed;
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test('ends with UNAUTHENTICATED and complete when its token expires', async () => {
    const gateway = await startGateway(database.url, issuer.settings);
    const listeners = countListeners(gateway.services);
    try {
      const exp = Math.ceil(Date.now() / 1000) + 1;
      const subscription = subscribe(
        gateway,
        changes,
        `Bearer ${await issuer.token({ scope: 'read', exp })}`,
      );
      expect((await subscription.next())?.errors).toMatchObject([
        { extensions: { code: 'UNAUTHENTICATED' } },
      ]);
      expect(Date.now()).toBeGreaterThanOrEqual(exp * 1000 - 50);
      expect(await subscription.next()).toBeNull();
      await until(() => listeners() === 0);
    } finally {
      await gateway.close();
    }
  });
});
