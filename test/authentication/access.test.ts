import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { type Scope, scopes } from '../../src/authentication';
import { describeOnDatabases } from '../harness/databases';
import { startGateway, type TestGateway } from '../harness/gateway';
import { countListeners, type Subscribe, transports } from '../harness/subscribing';
import { startTokenIssuer, type TokenIssuer } from '../harness/tokenIssuer';
import { until } from '../harness/waiting';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The key that grants just these scopes. */
const keyFor = (granted: readonly Scope[]): string =>
  `key ${[...granted].sort().join(' ')}`.replace(/ /g, '-');

const subsets: Scope[][] = [
  [],
  ...scopes.map(scope => [scope]),
  ['write', 'force'],
  ['read', 'force'],
  ['operate', 'force'],
  ['read', 'write'],
  ['read', 'operate'],
  ...scopes.map(left => scopes.filter(scope => scope !== left && scope !== 'admin')),
];
const apiKeys = [
  ...new Map(subsets.filter(({ length }) => length > 0).map(granted => [keyFor(granted), granted])),
]
  .map(([key, granted], index) => `key${index}:${granted.join('+')}:${sha256(key)}`)
  .join(',');

const id = '00000000-0000-4000-8000-000000000000';
const move = (field: string, force: boolean) =>
  `${field}(input: { state: { type: CANCELLED }, force: ${force} }) { results { status } }`;
const operation = (force: boolean) =>
  `planBulkOperation(input: { state: { type: CANCELLED }, all: true, flowRuns: {}, force: ${force}, reason: "test" }) { __typename }`;

/** What callers may ask, and which scopes they need for it. */
const graphql: [what: string, query: string, needs: Scope[]][] = [
  ['a list', '{ flowRuns { totalCount } }', ['read']],
  ['one run', `{ flowRun(id: "${id}") { id } }`, ['read']],
  ['the operations', '{ bulkOperations { totalCount } }', ['read']],
  ['a preview', `{ ${move('previewBulkSetFlowRunState', false)} }`, ['read']],
  ['a preview by force', `{ ${move('previewBulkSetFlowRunState', true)} }`, ['read', 'force']],
  ['a flow to be made', 'mutation { createFlow(input: { name: "f" }) { id } }', ['write']],
  ['a new state', `mutation { ${move('bulkSetFlowRunState', false)} }`, ['write']],
  ['a new state by force', `mutation { ${move('bulkSetFlowRunState', true)} }`, ['write', 'force']],
  [
    'runs to be deleted',
    'mutation { bulkDeleteFlowRuns(input: { flowRuns: { id: { any: [] } } }) { deletedIds } }',
    ['write'],
  ],
  ['an operation', `mutation { ${operation(false)} }`, ['operate']],
  ['an operation by force', `mutation { ${operation(true)} }`, ['operate', 'force']],
  [
    'a run that is made, and read',
    `mutation { createFlowRuns(input: [{ flowId: "${id}" }]) { results { flowRun { id parameters } } } }`,
    ['write', 'read'],
  ],
  [
    'the states of runs in the result of a call',
    'mutation { bulkSetFlowRunState(input: { state: { type: CANCELLED } }) { results { ...F } } } fragment F on FlowRunOrchestrationResult { state { data } }',
    ['write', 'read'],
  ],
  [
    'the runs in the result of a call',
    'mutation { bulkSetFlowRunState(input: { state: { type: CANCELLED } }) { results { flowRun { name } } } }',
    ['write', 'read'],
  ],
  [
    'the items of an operation that is started',
    `mutation { cancelBulkOperation(id: "${id}") { ... on BulkOperation { items { totalCount } } } }`,
    ['operate', 'read'],
  ],
  [
    'the runs in the outcomes of an operation',
    `mutation { cancelBulkOperation(id: "${id}") { ... on BulkOperation { outcomes { sample { states { totalCount } } } } } }`,
    ['operate', 'read'],
  ],
  ['an operation to end', `mutation { cancelBulkOperation(id: "${id}") { __typename } }`, ['operate']],
];

const chain = (length: number): string =>
  Array.from({ length }, (_, n) => `fragment F${n} on Query { ...F${n + 1} }`).join(' ');

const state = { type: 'CANCELLED' };
const rest: [what: string, path: string, body: unknown, needs: Scope[]][] = [
  ['a count', '/flow_runs/count', {}, ['read']],
  ['a list', '/flow_runs/filter', {}, ['read']],
  ['a flow to be made', '/flows/', { name: 'f' }, ['write']],
  ['a new state', '/flow_runs/bulk_set_state', { state }, ['write']],
  ['a new state by force', '/flow_runs/bulk_set_state', { state, force: true }, ['write', 'force']],
  ['runs to be deleted', '/flow_runs/bulk_delete', { flow_runs: { id: { any_: [] } } }, ['write']],
];

/** Those who may not: of each scope that is needed, everybody who lacks it and has all others. */
const lacking = (needs: readonly Scope[]): Scope[][] =>
  needs.map(needed => scopes.filter(scope => scope !== needed && scope !== 'admin'));

const refusals = ['FORBIDDEN', 'UNAUTHENTICATED'];
const watch = 'subscription { flowRunStateChanged { state { type } } }';

describeOnDatabases(['embedded'], 'each operation and the scopes that it needs', database => {
  let issuer: TokenIssuer;
  let gateway: TestGateway;
  let listeners: () => number;

  beforeAll(async () => {
    issuer = await startTokenIssuer();
    gateway = await startGateway(database.url, { ...issuer.settings, API_KEYS: apiKeys });
    listeners = countListeners(gateway.services);
  });
  afterAll(async () => {
    await gateway?.close();
    await issuer?.close();
  });

  test.each<[claim: string, value: unknown]>([
    ['scope', 'openid read'],
    ['scopes', ['read']],
    ['scp', 'openid read'],
    ['scp', ['read']],
    ['roles', ['read', 'someone']],
  ])('the claim %s of a token grants the scopes in %j', async (claim, value) => {
    const authorization = `Bearer ${await issuer.token({ [claim]: value })}`;
    const { viewer } = await gateway.ask<{ viewer: { scopes: string[] } }>(
      '{ viewer { scopes } }',
      {},
      {
        authorization,
      },
    );
    expect(viewer.scopes).toEqual(['read']);
  });

  /** Values of the header `Authorization`, or null for none, that are rejected. */
  const strangers: [what: string, header: () => Promise<string | null>][] = [
    ['no header', async () => null],
    ['a key that nobody has', async () => 'Bearer guessed'],
    ['the digest of a key', async () => `Bearer ${sha256(keyFor(['admin']))}`],
    ['another kind of header', async () => `Basic ${keyFor(['admin'])}`],
    ['a token that has expired', async () => `Bearer ${await issuer.token({ scope: 'admin', exp: 1 })}`],
    ['a token for another', async () => `Bearer ${await issuer.token({ scope: 'admin', aud: 'elsewhere' })}`],
  ];
  const keyHeader = (granted: readonly Scope[]) => `Bearer ${keyFor(granted)}`;

  const post = (path: string, body: unknown, authorization: string | null) =>
    fetch(new URL(path, gateway.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      body: JSON.stringify(body),
    });

  async function codeOf(query: string, authorization: string): Promise<unknown> {
    const response = await post('/graphql', { query }, authorization);
    const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
    return errors?.[0]?.extensions.code ?? null;
  }

  describe.each(strangers)('with %s', (_what, header) => {
    test('responds to GraphQL with 401', async () => {
      const response = await post('/graphql', { query: '{ flowRuns { totalCount } }' }, await header());
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    });

    test('responds to REST with 401', async () => {
      const response = await post('/api/flow_runs/count', {}, await header());
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
    });

    test('responds to server-sent events with 401, and starts no subscription', async () => {
      const authorization = await header();
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream',
          ...(authorization && { authorization }),
        },
        body: JSON.stringify({ query: watch }),
      });
      expect(response.status).toBe(401);
      await response.text();
      expect(listeners()).toBe(0);
    });

    test('closes a WebSocket before it can send a query', async () => {
      const authorization = await header();
      const socket = new WebSocket(gateway.url.replace('http', 'ws'), 'graphql-transport-ws');
      await once(socket, 'open');
      const closed = once(socket, 'close');
      socket.send(
        JSON.stringify({ type: 'connection_init', payload: authorization ? { authorization } : {} }),
      );
      socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: watch } }));
      const [code] = (await closed) as [number, Buffer];
      expect(code).toBe(4401);
      expect(listeners()).toBe(0);
    });
  });

  test.each<[string, string]>([
    ['that cannot be parsed', '{"query": "{ flowRuns("}'],
    ['that does not fit the schema', '{"query": "{ nothing }"}'],
    ['with a chain of fragments', JSON.stringify({ query: `{ ...F0 } ${chain(2400)}` })],
    ['that is no JSON', '{"query":'],
    ['longer than bodies may be', `{"query": "${'x'.repeat(2_100_000)}"}`],
  ])('does not read the body of %s before the caller is authenticated', async (_what, body) => {
    for (const path of ['/graphql', '/api/flow_runs/filter', '/api/nothing']) {
      const response = await fetch(new URL(path, gateway.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      expect([path, response.status]).toEqual([path, 401]);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await response.text()).not.toMatch(/Cannot query|Syntax|suggest|Did you mean/);
    }
  });

  test('requires authentication for a query in the URL, as for one in a body', async () => {
    const response = await fetch(`${gateway.url}?query=${encodeURIComponent('{ nothing }')}`);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  test.each<[string, string, number]>([
    ['/livez', '*/*', 200],
    ['/readyz', '*/*', 200],
    ['/api/health', '*/*', 200],
    ['/graphql', 'text/html', 200],
    ['/', '*/*', 404],
  ])('serves %s without authentication', async (path, accept, status) => {
    expect((await fetch(new URL(path, gateway.url), { headers: { accept } })).status).toBe(status);
  });

  describe.each(graphql)('%s', (_what, query, needs) => {
    test(`is for those with ${needs.join(' and ')}`, async () => {
      for (const granted of [needs, ['admin'] as const])
        expect(refusals).not.toContain(await codeOf(query, keyHeader(granted)));
      const token = await issuer.token({ scope: needs.join(' ') });
      expect(refusals).not.toContain(await codeOf(query, `Bearer ${token}`));
    });

    test('rejects every other caller', async () => {
      for (const granted of lacking(needs)) expect(await codeOf(query, keyHeader(granted))).toBe('FORBIDDEN');
      expect(await codeOf(query, `Bearer ${await issuer.token({})}`)).toBe('FORBIDDEN');
    });
  });

  test.each(rest)('requires the scope for %s over REST', async (_what, path, body, needs) => {
    const statusFor = async (granted: readonly Scope[]) =>
      (await post(`/api${path}`, body, keyHeader(granted))).status;
    for (const granted of [needs, ['admin'] as const]) expect(await statusFor(granted)).toBeLessThan(300);
    for (const granted of lacking(needs)) expect(await statusFor(granted)).toBe(403);
  });

  test('shows over REST what was sent with a flow, a deployment or a task run to callers with the scope read', async () => {
    const make = async (path: string, body: unknown, granted: readonly Scope[]) => {
      const response = await post(`/api${path}`, body, keyHeader(granted));
      return { status: response.status, body: await response.text() };
    };
    const { id: flow_id } = JSON.parse(
      (await make('/flows/', { name: 'known', tags: ['secret'] }, ['admin'])).body,
    ) as { id: string };
    const calls: [path: string, body: object, sent: object, withoutRead: number][] = [
      ['/flows/', { name: 'known' }, {}, 200],
      ['/deployments/', { name: 'known', flow_id }, { parameters: { password: 'secret' } }, 200],
      ['/task_runs/', { task_key: 'known', dynamic_key: '0' }, { tags: ['secret'] }, 403],
    ];
    for (const [path, body, sent, withoutRead] of calls) {
      await make(path, { ...body, ...sent }, ['admin']);
      const seen = await make(path, body, ['read', 'write']);
      expect([path, seen.status, seen.body]).toEqual([path, 200, expect.stringContaining('secret')]);
      const hidden = await make(path, body, ['write']);
      expect([path, hidden.status, hidden.body]).toEqual([
        path,
        withoutRead,
        expect.not.stringContaining('secret'),
      ]);
    }
  });

  const subscribed = async (subscribe: Subscribe, granted: readonly Scope[]) => {
    const subscription = subscribe(gateway, watch, keyHeader(granted));
    try {
      return await subscription.next();
    } finally {
      await subscription.stop();
    }
  };

  describe.each(transports)('subscriptions over %s', (_name, subscribe) => {
    test('starts for callers with the scope read', async () => {
      const subscription = subscribe(gateway, watch, keyHeader(['read']));
      const first = subscription.next();
      await until(() => listeners() === 1);
      await subscription.stop();
      await first.catch(() => null);
      await until(() => listeners() === 0);
    });

    test('does not start for callers without the scope read', async () => {
      const told = await subscribed(subscribe, ['write']);
      expect(told?.errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'FORBIDDEN' }]);
      expect(listeners()).toBe(0);
    });
  });
});
