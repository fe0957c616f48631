import type { Socket } from 'node:net';
import { openApplication } from '../../../src/bootstrap';
import { type Config, readConfig } from '../../../src/config/config';
import { createServer } from '../../../src/http/server';
import { createHealthServer } from '../../../src/http/sockets/healthServer';
import type { HttpServer } from '../../../src/http/sockets/httpServer';
import { createLogger, type Logger } from '../../../src/platform/logging';
import type { Services } from '../../../src/transitions/services';
import { describeOnDatabases } from '../../harness/databases';
import { quiet } from '../../harness/quiet';
import { until } from '../../harness/waiting';
import { type HostileInput, hostileInputs } from './inputs';
import { endings, open, play, readAll } from './rawClient';

/** Clients at once. */
const concurrency = 80;

/** Short ones, so that what clients leave behind is seen to be closed. */
const shortTimeouts = {
  HEADER_TIMEOUT_SECONDS: '1',
  RECEIVE_TIMEOUT_SECONDS: '1',
  SEND_TIMEOUT_SECONDS: '1',
  KEEP_ALIVE_SECONDS: '1',
};

interface Played {
  readonly input: HostileInput;
  readonly received: string;
}

async function playAll(
  port: number,
  ending: (typeof endings)[number],
  abandoned: Socket[],
): Promise<Played[]> {
  const played: Played[] = [];
  const inputs = hostileInputs.values();
  async function client(): Promise<void> {
    for (const input of inputs) played.push({ input, received: await play(port, input, ending, abandoned) });
  }
  await Promise.all(Array.from({ length: concurrency }, client));
  return played;
}

const statusesIn = (received: string): number[] =>
  [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

/** What is wrong with what a client received; null: nothing. */
function problemOf({ input, received }: Played, others: readonly number[]): string | null {
  const [first, ...more] = statusesIn(received);
  const wrong = (what: string) => `${input.name}: ${what}: ${JSON.stringify(received.slice(0, 300))}`;
  if ([first, ...more].some(status => status !== undefined && status >= 500)) return wrong('a 5xx');
  if (/\n\s+at |node:|\.[jt]s:\d/.test(received)) return wrong('a stack');
  if (input.statuses === undefined) return null;
  const right = [...input.statuses, ...others];
  if (first === undefined || !right.includes(first)) return wrong(`not ${right.join(' or ')}`);
  return null;
}

async function statusOfLivez(port: number): Promise<number | undefined> {
  const socket = await open(port);
  if (socket === null) return undefined;
  socket.write('GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n');
  return statusesIn(await readAll(socket, 5000))[0];
}

test('at least 300 hostile inputs are sent', () => {
  expect(hostileInputs.length).toBeGreaterThanOrEqual(300);
});

describeOnDatabases(['embedded'], 'hostile clients', database => {
  const log: string[] = [];
  let services: Services & { close(): Promise<void> };
  let config: Config;
  let logger: Logger;

  beforeAll(async () => {
    config = readConfig({ DATABASE_URL: database.url, PORT: '0', ...quiet, ...shortTimeouts });
    logger = createLogger('warn', { write: line => void log.push(line) });
    services = await openApplication(config, logger);
  });
  afterAll(() => services?.close());

  // Libraries report faults of their own there, past the log.
  let printed: jest.SpyInstance;
  beforeEach(() => {
    printed = jest.spyOn(console, 'error');
  });
  afterEach(() => {
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
  });

  const kinds: readonly (readonly [
    name: string,
    open: () => HttpServer,
    /** Statuses that are right besides those that the inputs name. */
    others: readonly number[],
  ])[] = [
    ['the gateway', () => createServer({ config, services, logger }), []],
    // It serves one page at every path, for any host.
    ["a worker's health port", () => createHealthServer(config, services, logger), [404, 200]],
  ];

  test.each(kinds)(
    '%s ends the connections of hostile clients alone: it lives, responds without a 5xx or a stack, and leaks neither sockets nor memory',
    async (_name, openServer, others) => {
      const server = openServer();
      const { port } = await server.listen();
      const abandoned: Socket[] = [];
      const problems: (string | null)[] = [];
      try {
        const before = process.memoryUsage().rss;
        for (const ending of endings) {
          const played = await playAll(port, ending, abandoned);
          if (ending === 'read') problems.push(...played.map(each => problemOf(each, others)));
          expect(await statusOfLivez(port)).toBe(200);
        }
        expect(problems.filter(problem => problem !== null)).toEqual([]);
        expect(log).toEqual([]);
        // What abandoned clients hold is closed by the server itself, WebSockets aside: those wait for a close in return.
        await until(() => server.connections.size <= server.connections.upgradedSize);
        for (const socket of abandoned) socket.resetAndDestroy();
        await until(() => server.connections.size === 0);
        expect(server.bodyBudget.reservedBytes).toBe(0);
        expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000);
        expect(await statusOfLivez(port)).toBe(200);
      } finally {
        for (const socket of abandoned) socket.destroy();
        await server.close(1);
      }
    },
    120_000,
  );

  test.each(['/graphql', '/api/flow_runs/'])(
    'a body for %s whose client resets its connection causes no failure of the gateway or its database',
    async path => {
      const server = createServer({ config, services, logger });
      const { port } = await server.listen();
      try {
        const socket = await open(port);
        socket?.write(
          `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`,
        );
        await until(() => server.bodyBudget.reservedBytes === 1000);
        socket?.resetAndDestroy();
        await until(() => server.connections.size === 0);
        expect(log).toEqual([]);
      } finally {
        await server.close(1);
      }
    },
  );

  test('500 rejected upgrades whose clients reset at once change nothing in the gateway', async () => {
    const server = createServer({ config, services, logger });
    const { port } = await server.listen();
    try {
      for (let round = 0; round < 10; round++) {
        await Promise.all(
          Array.from({ length: 50 }, async () => {
            const socket = await open(port);
            socket?.write(
              'GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://evil.example\r\nConnection: Upgrade\r\n' +
                'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
              () => socket.resetAndDestroy(),
            );
          }),
        );
      }
      expect(await statusOfLivez(port)).toBe(200);
      await until(() => server.connections.size === 0);
    } finally {
      await server.close(1);
    }
  }, 30_000);
});
