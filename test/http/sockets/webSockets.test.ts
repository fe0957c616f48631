import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { describeOnDatabases } from '../../harness/databases';
import { startGateway } from '../../harness/gateway';
import { seededGateway } from '../../harness/seededGateway';
import { countListeners } from '../../harness/subscribing';
import { startTokenIssuer } from '../../harness/tokenIssuer';
import { until } from '../../harness/waiting';

interface Message {
  type: string;
  id?: string;
  payload?: unknown;
}

/** A WebSocket whose messages are written and read by hand. */
async function openSocket(url: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { headers });
  const received: Message[] = [];
  let closed: { code: number; reason: string } | null = null;
  socket.on('message', data => received.push(JSON.parse(String(data)) as Message));
  socket.on('error', () => undefined);
  socket.on('close', (code, reason) => {
    closed = { code, reason: String(reason) };
  });
  await once(socket, 'open');
  const self = {
    socket,
    received,
    send: (message: object | string) =>
      socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    subscribe: (id: string, query: string, more: object = {}) =>
      self.send({ id, type: 'subscribe', payload: { query, ...more } }),
    async init(payload?: unknown) {
      self.send({ type: 'connection_init', payload });
      await until(() => received.length > 0 || closed !== null);
    },
    async next(id: string): Promise<Message> {
      const isMeant = (message: Message) => message.id === id;
      await until(() => received.some(isMeant));
      return received.splice(received.findIndex(isMeant), 1)[0] as Message;
    },
    async closed() {
      await until(() => closed !== null);
      return closed;
    },
  };
  return self;
}

const changes = 'subscription { flowRunStateChanged { state { type } } }';

describeOnDatabases(['embedded'], 'a WebSocket', database => {
  const gateway = seededGateway(database, {
    MAX_SUBSCRIPTIONS_PER_SOCKET: '5',
    MAX_SUBSCRIPTIONS_PER_CALLER: '8',
    MAX_SOCKETS_PER_CALLER: '3',
    MAX_UNSENT_BYTES: '100000',
    SOCKET_INIT_SECONDS: '1',
    SEND_TIMEOUT_SECONDS: '1',
    MAX_BODY_BYTES: '1000000',
  });
  let listeners: () => number;

  beforeAll(() => {
    listeners = countListeners(gateway.services);
  });
  afterEach(() => until(() => listeners() === 0));

  const isAlive = async () => expect(await gateway.ask('{ __typename }')).toEqual({ __typename: 'Query' });

  describe('of the client graphql-ws', () => {
    let client: Client;

    beforeEach(() => {
      client = createClient({
        url: gateway.url.replace('http', 'ws'),
        webSocketImpl: WebSocket,
        retryAttempts: 0,
      });
    });
    afterEach(() => client.dispose());

    const firstOf = async (query: string, variables: Record<string, unknown> = {}) => {
      for await (const result of client.iterate({ query, variables })) return result;
      return null;
    };

    test('executes queries and mutations', async () => {
      expect(await firstOf('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
      const made = await firstOf(
        'mutation ($name: String!) { createFlow(input: { name: $name }) { name } }',
        {
          name: 'over-a-socket',
        },
      );
      expect(made).toEqual({ data: { createFlow: { name: 'over-a-socket' } } });
    });

    test('receives the state changes of a mutation on the same socket', async () => {
      const seen = firstOf(changes);
      await until(() => listeners() === 1);
      await firstOf(
        'mutation ($flowId: ID!) { createFlowRuns(input: [{ flowId: $flowId, state: { type: RUNNING } }]) { results { flowRun { id } } } }',
        { flowId: gateway.flowId },
      );
      expect(await seen).toEqual({ data: { flowRunStateChanged: { state: { type: 'RUNNING' } } } });
    });
  });

  test('ignores credentials without configured authentication, with any characters', async () => {
    const socket = await openSocket(gateway.url);
    await socket.init({ authorization: 'Bearer ключ' });
    expect(socket.received).toEqual([{ type: 'connection_ack' }]);
    socket.subscribe('1', '{ __typename }');
    expect(await socket.next('1')).toMatchObject({ payload: { data: { __typename: 'Query' } } });
    socket.socket.close();
    await socket.closed();
  });

  test('rejects a persisted query by its name, and stays open', async () => {
    const socket = await openSocket(gateway.url);
    await socket.init();
    const extensions = { persistedQuery: { version: 1, sha256Hash: 'ab'.repeat(32) } };
    socket.send({ id: '1', type: 'subscribe', payload: { extensions } });
    expect(await socket.next('1')).toEqual({
      id: '1',
      type: 'error',
      payload: [
        { message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } },
      ],
    });
    socket.subscribe('2', '{ __typename }', { extensions });
    expect(await socket.next('2')).toMatchObject({ payload: { data: { __typename: 'Query' } } });
    socket.socket.close();
    await socket.closed();
  });

  test.each([
    ['no JSON', '{"type":'],
    ['JSON that is no message', '[1, 2]'],
    ['a message of an unknown type', '{"type":"nope"}'],
    ['a message that only servers send', '{"type":"connection_ack"}'],
    ['a request without a query', '{"id":"1","type":"subscribe","payload":{}}'],
    ['a request whose id is no text', '{"id":1,"type":"subscribe","payload":{"query":"{ __typename }"}}'],
    [
      'a request whose id has 256 characters',
      JSON.stringify({ id: 'x'.repeat(256), type: 'subscribe', payload: { query: '{ __typename }' } }),
    ],
    ['bytes that are no text', Buffer.from([0xff, 0xfe])],
  ])('is closed alone with 4400 when it sends %s', async (_what, text) => {
    const [socket, other] = [await openSocket(gateway.url), await openSocket(gateway.url)];
    await Promise.all([socket.init(), other.init()]);
    socket.socket.send(text);
    expect(await socket.closed()).toMatchObject({ code: 4400 });
    other.subscribe('1', '{ __typename }');
    expect(await other.next('1')).toMatchObject({ type: 'next' });
    other.socket.close();
    await other.closed();
  });

  test('is closed with 4401 when it subscribes before connection_init', async () => {
    const socket = await openSocket(gateway.url);
    socket.subscribe('1', '{ __typename }');
    expect(await socket.closed()).toMatchObject({ code: 4401 });
  });

  test('is closed with 4408 when it sends no connection_init in time', async () => {
    const socket = await openSocket(gateway.url);
    expect(await socket.closed()).toMatchObject({ code: 4408 });
  });

  test('is closed with 4406 when it names no protocol', async () => {
    const socket = new WebSocket(gateway.url.replace('http', 'ws'));
    expect(await once(socket, 'close')).toEqual([4406, expect.anything()]);
  });

  test.each([
    [{ 'Sec-WebSocket-Version': '12' }],
    [{ 'Sec-WebSocket-Key': 'short' }],
    [{ 'Sec-WebSocket-Protocol': 'a, a' }],
  ])('responds to a malformed handshake with 400 and the reason: %j', async headers => {
    const sent = request(gateway.url, {
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'Sec-WebSocket-Protocol': 'graphql-transport-ws',
        ...headers,
      },
    });
    sent.end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(400);
    expect(await text(response)).toContain('The WebSocket handshake is malformed: ');
  });

  test('is closed with 1009 when a message has more than MAX_BODY_BYTES', async () => {
    const socket = await openSocket(gateway.url);
    await socket.init();
    socket.subscribe('1', `{ __typename } # ${'x'.repeat(1_000_000)}`);
    expect(await socket.closed()).toMatchObject({ code: 1009 });
  });

  test('receives results under an id of 255 characters', async () => {
    const socket = await openSocket(gateway.url);
    await socket.init();
    const id = 'x'.repeat(255);
    socket.subscribe(id, '{ __typename }');
    expect(await socket.next(id)).toMatchObject({ type: 'next' });
    socket.socket.close();
    await socket.closed();
  });

  test('receives the content of a small ping back, and is closed with 4400 for a large one', async () => {
    const socket = await openSocket(gateway.url);
    await socket.init();
    socket.send({ type: 'ping', payload: { at: 12 } });
    await until(() => socket.received.length === 2);
    expect(socket.received[1]).toEqual({ type: 'pong', payload: { at: 12 } });
    socket.send({ type: 'ping', payload: { text: 'x'.repeat(2000) } });
    expect(await socket.closed()).toEqual({
      code: 4400,
      reason: 'ping: payload must have at most 1024 characters (got 2011)',
    });
  });

  test('is disconnected when it sends more than 64 KB before connection_init', async () => {
    const socket = await openSocket(gateway.url);
    const ping = JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(900) } });
    for (let sent = 0; sent < 200_000; sent += ping.length) socket.send(ping);
    expect(await socket.closed()).toMatchObject({ code: 1006 });
    await isAlive();
  });

  test.each([
    [
      'ping messages',
      (socket: WebSocket) =>
        socket.send(JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(900) } })),
    ],
    ['ping frames', (socket: WebSocket) => socket.ping('x'.repeat(120))],
  ])('is disconnected when it sends %s and reads none of the responses', async (_what, ping) => {
    const socket = await openSocket(gateway.url);
    await socket.init();
    socket.socket.pause();
    const raw = (socket.socket as unknown as { _socket: import('node:net').Socket })._socket;
    for (const end = Date.now() + 10_000; !raw.destroyed && Date.now() < end; ) {
      if (socket.socket.bufferedAmount < 1_000_000)
        for (let count = 0; count < 500; count++) ping(socket.socket);
      await new Promise(resolve => setImmediate(resolve));
    }
    expect(raw.destroyed).toBe(true);
    await isAlive();
  });

  test('is disconnected when it responds to no ping', async () => {
    const { hostname, port } = new URL(gateway.url);
    const raw = connect(Number(port), hostname);
    raw.write(
      'GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n' +
        'Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
    );
    raw.on('error', () => undefined);
    await once(raw, 'data');
    // {"type":"connection_init"}, masked with zeros.
    const text = Buffer.from('{"type":"connection_init"}');
    raw.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]));
    raw.resume();
    await once(raw, 'close');
  });

  test('may have the maximum number of subscriptions, and the next one alone is rejected', async () => {
    const socket = await openSocket(gateway.url);
    await socket.init();
    for (let id = 1; id <= 50; id++) socket.subscribe(String(id), changes);
    for (let id = 6; id <= 50; id++)
      expect(await socket.next(String(id))).toMatchObject({
        type: 'error',
        payload: [{ extensions: { code: 'UNAVAILABLE' } }],
      });
    await until(() => listeners() === 5);
    socket.send({ id: '1', type: 'complete' });
    await until(() => listeners() === 4);
    socket.subscribe('51', '{ __typename }');
    expect(await socket.next('51')).toMatchObject({ type: 'next' });
    socket.socket.close();
    await socket.closed();
  });

  test('counts its subscriptions together with those of its caller over other transports', async () => {
    const sockets = [await openSocket(gateway.url), await openSocket(gateway.url)];
    for (const socket of sockets) {
      await socket.init();
      for (let id = 1; id <= 4; id++) socket.subscribe(String(id), changes);
    }
    await until(() => listeners() === 8);
    const subscribe = () =>
      fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
        body: JSON.stringify({ query: changes }),
      });
    const refused = await subscribe();
    expect(refused.status).toBe(429);
    expect(await refused.text()).toContain('MAX_SUBSCRIPTIONS_PER_CALLER');
    sockets[0]?.socket.terminate();
    await until(() => listeners() === 4);
    const accepted = await subscribe();
    expect(accepted.status).toBe(200);
    await accepted.body?.cancel();
    sockets[1]?.socket.close();
  });

  test('is closed with 1013 when the caller has MAX_SOCKETS_PER_CALLER sockets', async () => {
    const sockets = [
      await openSocket(gateway.url),
      await openSocket(gateway.url),
      await openSocket(gateway.url),
    ];
    for (const socket of sockets) await socket.init();
    const fourth = await openSocket(gateway.url);
    await fourth.init();
    expect(await fourth.closed()).toMatchObject({
      code: 1013,
      reason: expect.stringMatching(/^UNAVAILABLE: /),
    });
    for (const socket of sockets) {
      socket.socket.close();
      await socket.closed();
    }
    const fifth = await openSocket(gateway.url);
    await fifth.init();
    expect(fifth.received).toEqual([{ type: 'connection_ack' }]);
    fifth.socket.close();
  });
});

describeOnDatabases(['embedded'], 'a WebSocket of a gateway with keys', database => {
  test.each(['Bearer ключ', 'Bearer \u0000', '', 'Bearer '])(
    'is closed with 4401 for the credentials %j',
    async authorization => {
      const gateway = await startGateway(database.url, { API_KEYS: `ops:read:${'ab'.repeat(32)}` });
      try {
        const socket = await openSocket(gateway.url);
        await socket.init({ authorization });
        expect(await socket.closed()).toMatchObject({
          code: 4401,
          reason: expect.stringMatching(/^UNAUTHENTICATED: /),
        });
      } finally {
        await gateway.close();
      }
    },
  );
});

describeOnDatabases(['embedded'], 'a WebSocket with a subscription', database => {
  test('is closed with 4403 when its token expires', async () => {
    const issuer = await startTokenIssuer();
    const gateway = await startGateway(database.url, issuer.settings);
    const listeners = countListeners(gateway.services);
    try {
      const exp = Math.ceil(Date.now() / 1000) + 1;
      const socket = await openSocket(gateway.url);
      await socket.init({ authorization: `Bearer ${await issuer.token({ scope: 'read', exp })}` });
      socket.subscribe('1', changes);
      await until(() => listeners() === 1);
      expect(await socket.closed()).toEqual({
        code: 4403,
        reason: 'UNAUTHENTICATED: The token has expired. Connect with a new one.',
      });
      expect(Date.now()).toBeGreaterThanOrEqual(exp * 1000 - 50);
      await until(() => listeners() === 0);
    } finally {
      await gateway.close();
      await issuer.close();
    }
  });

  test('is closed with 1001 when the gateway stops, and disconnected if it does not respond to the close', async () => {
    const gateway = await startGateway(database.url);
    const listeners = countListeners(gateway.services);
    const [socket, silent] = [await openSocket(gateway.url), await openSocket(gateway.url)];
    for (const each of [socket, silent]) {
      await each.init();
      each.subscribe('1', changes);
    }
    await until(() => listeners() === 2);
    silent.socket.pause();
    const start = performance.now();
    await gateway.close();
    expect(performance.now() - start).toBeLessThan(4000);
    expect(await socket.closed()).toEqual({ code: 1001, reason: 'The gateway is stopping.' });
    await until(() => listeners() === 0);
    silent.socket.terminate();
  });
});
