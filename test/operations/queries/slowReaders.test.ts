import { connect, type Socket } from 'node:net';
import type { Logger } from 'typeorm';
import { WebSocket } from 'ws';
import { describeOnEveryDatabase } from '../../harness/databases';
import { subscribe } from '../../harness/subscribing';
import { until } from '../../harness/waiting';
import { type OperationGateway, startOperationGateway } from '../harness';

/** A client that subscribes, and then reads nothing of what it is sent. */
type SlowReader = (url: string, query: string) => { leave(): void };

const overServerSentEvents: SlowReader = (url, query) => {
  const { hostname, port, pathname, host } = new URL(url);
  const body = JSON.stringify({ query });
  const socket: Socket = connect(Number(port), hostname);
  socket.pause();
  socket.write(
    `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\naccept: text/event-stream\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  return { leave: () => void socket.destroy() };
};

const overWebSocket: SlowReader = (url, query) => {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init' })));
  socket.once('message', () => {
    socket.pause();
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
  });
  return { leave: () => socket.terminate() };
};

// So much for each item that what systems and sockets take in advance is soon full.
const aliases = Array.from({ length: 10 }, (_, number) => `copy${number}: message`).join(' ');
const runs = 300;
const batchSize = 20;

describeOnEveryDatabase('a slow reader of the items of a bulk operation', database => {
  let gateway: OperationGateway;
  let slow: string;
  let fast: string;

  async function operation(type: string): Promise<string> {
    await gateway.createRuns(runs, { type });
    const id = await gateway.start({
      state: { type: 'CANCELLED', message: 'm'.repeat(10_000) },
      flowRuns: { state: { type: { any: [type] } } },
    });
    await gateway.ended(id);
    return id;
  }

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url, {
      OPERATION_BATCH_SIZE: String(batchSize),
      MAX_ALIASES: '50',
    });
    await gateway.clear();
    slow = await operation('RUNNING');
    fast = await operation('PENDING');
  }, 60_000);
  afterAll(() => gateway.close());

  /** Counts how often the items of an operation are read from now on. */
  function countReads(id: string): () => number {
    const { writer, reader } = gateway.services.database;
    let count = 0;
    const nothing = () => undefined;
    const recorder: Logger = {
      logQuery(statement, parameters) {
        if (/\bordinal\W? BETWEEN/.test(statement) && (parameters as unknown[] | undefined)?.[0] === id)
          count++;
      },
      logQueryError: nothing,
      logQuerySlow: nothing,
      logSchemaBuild: nothing,
      logMigration: nothing,
      log: nothing,
    };
    for (const dataSource of [writer, reader]) dataSource.logger = recorder;
    return () => count;
  }

  test.each([
    ['server-sent events', overServerSentEvents],
    ['WebSocket', overWebSocket],
  ] as const)('over %s delays the reads for it, and nothing is read in advance', async (_name, open) => {
    const query = (id: string) => `subscription { bulkOperationItems(id: "${id}") { state { ${aliases} } } }`;

    const reads = countReads(slow);
    const reader = open(gateway.url, query(slow));
    await until(() => reads() > 0);
    // Another one who reads all there is shows that there was time enough.
    const subscription = subscribe(gateway, query(fast));
    let seen = 0;
    while ((await subscription.next()) !== null) seen++;
    expect(seen).toBe(runs);
    expect(reads()).toBeLessThan(runs / batchSize / 2);
    reader.leave();
    await subscription.stop();
  });
});
