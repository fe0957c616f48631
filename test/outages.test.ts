import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../src/persistence/connection/database';
import { type DatabaseServer, startMariadb, startMysql } from './databases/server';
import type { ServerKind } from './databases/serverProgram';
import { createDatabase } from './databases/sql';
import { currentTestRun } from './databases/testRun';
import { faultsOf } from './harness/consistency';
import { createCrowd, moveSome } from './harness/crowd';
import { describeOnEveryDatabase } from './harness/databases';
import { describeWhere } from './harness/describeWhere';
import { type Ask, askAt } from './harness/gateway';
import { type GatewayProcess, startGatewayProcess } from './harness/gatewayProcess';
import { seedingThrough } from './harness/seeding';
import { until } from './harness/waiting';

const starters = { mysql: startMysql, mariadb: startMariadb };
const { startable } = currentTestRun();

if (startable.length === 0)
  describeWhere('this run has no server that it can start', 'outages', () => undefined);

// Not `describe.each`: it refuses an empty list.
for (const kind of startable) declareTests(kind);

interface Clients {
  /** How many of their calls have had a response so far. */
  answered: () => number;
  stop: () => Promise<void>;
}

const retryMilliseconds = 20;

/** Lets six clients call until the stop; they ignore errors meanwhile. */
function startClients(gatewayUrl: () => string): Clients {
  let answered = 0;
  const end = new AbortController();
  const work = async (client: number): Promise<void> => {
    for (let call = 0; !end.signal.aborted; call++) {
      const moved = await moveSome(askAt(`${gatewayUrl()}/graphql`), client, call).catch(() => null);
      // Calls to what is away fail at once: to repeat them without a pause takes the processor from what comes back.
      if (moved === null) await sleep(retryMilliseconds);
      else answered++;
    }
  };
  const clients = Promise.all([0, 1, 2, 3, 4, 5].map(work));
  return {
    answered: () => answered,
    async stop() {
      end.abort();
      await clients;
    },
  };
}

/** What does not fit together in a database, seen by a connection of its own. */
async function faultsIn(url: string): Promise<string[]> {
  const database = await openDatabase({ url, poolSize: 1 });
  try {
    return await faultsOf(database);
  } finally {
    await database.close();
  }
}

/** Waits for a number of further responses. */
async function callsAnswered(clients: Clients, count: number): Promise<void> {
  const before = clients.answered();
  await until(() => clients.answered() >= before + count);
}

describeOnEveryDatabase('when the gateway is killed during calls', database => {
  test('no call is half written', async () => {
    let gateway = startGatewayProcess(database.url);
    let url = await gateway.url();
    await createCrowd(seedingThrough(askAt(`${url}/graphql`)), 100);
    const clients = startClients(() => url);
    try {
      for (const count of [9, 22]) {
        await callsAnswered(clients, count);
        await gateway.kill();
        expect(await faultsIn(database.url)).toEqual([]);
        gateway = startGatewayProcess(database.url);
        url = await gateway.url();
      }
      await callsAnswered(clients, 6);
    } finally {
      await clients.stop();
      await gateway.kill();
    }
    expect(await faultsIn(database.url)).toEqual([]);
  }, 90_000);
});

function declareTests(kind: ServerKind): void {
  describe(`when the ${kind} server goes away`, () => {
    let server: DatabaseServer;
    let databaseUrl: string;
    let gateway: GatewayProcess;
    let url: string;
    let ask: Ask;

    beforeAll(async () => {
      server = await starters[kind]();
      databaseUrl = await createDatabase(server.url);
      gateway = startGatewayProcess(databaseUrl);
      url = await gateway.url();
      ask = askAt(`${url}/graphql`);
    }, 120_000);
    afterAll(async () => {
      await gateway?.kill();
      await server?.stop();
    });

    const get = (path: string) => fetch(new URL(path, url));
    const count = () =>
      fetch(new URL('/api/flow_runs/count', url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      });
    const write = () =>
      ask<{ bulkSetFlowRunState: { results: unknown[] } }>(
        'mutation { bulkSetFlowRunState(input: { state: { type: CANCELLED } }) { results { status } } }',
      );

    test('calls fail with UNAVAILABLE, and succeed after its return', async () => {
      expect((await get('/readyz')).status).toBe(200);
      await server.kill();

      const unavailable = {
        errors: [
          {
            message: 'The database cannot be reached. Try again later.',
            extensions: { code: 'UNAVAILABLE' },
          },
        ],
      };
      await expect(ask('{ flowRuns { totalCount } }')).rejects.toMatchObject(unavailable);
      await expect(write()).rejects.toMatchObject(unavailable);
      await expect(ask('mutation { createFlow(input: { name: "other" }) { id } }')).rejects.toMatchObject(
        unavailable,
      );
      const refused = await count();
      expect(refused.status).toBe(503);
      expect(await refused.json()).toEqual({
        detail: 'The database cannot be reached. Try again later.',
      });
      expect((await get('/readyz')).status).toBe(503);
      expect((await get('/livez')).status).toBe(200);

      await server.restart();
      await until(async () => (await get('/readyz')).status === 200);
      expect(await ask('{ flowRuns { totalCount } }')).toEqual({ flowRuns: { totalCount: 0 } });
      await expect(write()).resolves.toEqual({ bulkSetFlowRunState: { results: [] } });
      expect(await (await count()).json()).toBe(0);
    }, 60_000);

    test('a gateway that starts meanwhile waits for it, and logs it', async () => {
      await server.kill();
      const starting = startGatewayProcess(databaseUrl);
      try {
        await starting.printed(/"level":"warn".*no database responds at 127\.0\.0\.1:\d+ .*trying again/);
        await server.restart();
        const ready = await fetch(new URL('/readyz', await starting.url()));
        expect(ready.status).toBe(200);
      } finally {
        await starting.kill();
      }
    }, 60_000);

    test('while it is read-only, calls fail with UNAVAILABLE, and a bulk operation waits', async () => {
      const own = new URL(await createDatabase(server.url));
      const root = await openDatabase({ url: own.href, poolSize: 1 });
      // Those who may do everything may write all the same.
      await root.writer.query("CREATE USER app@'%'");
      await root.writer.query(`GRANT ALL ON ${own.pathname.slice(1)}.* TO app@'%'`);
      own.username = 'app';
      const served = startGatewayProcess(own.href);
      try {
        const call = askAt(`${await served.url()}/graphql`);
        const seeding = seedingThrough(call);
        const flowId = await seeding.createFlow('flow');
        await seeding.createFlowRuns(
          Array.from({ length: 60 }, () => ({ flowId, state: { type: 'RUNNING' } })),
        );
        const { started } = await call<{ started: { id: string } }>(
          `mutation { started: startBulkOperation(input: { reason: "a test", state: { type: CANCELLED },
            flowRuns: { state: { type: { any: [RUNNING] } } }, runsPerSecond: 2 }) { ... on BulkOperation { id } } }`,
        );
        const operation = async () => {
          const { bulkOperation } = await call<{
            bulkOperation: { status: string; counts: { accepted: number } };
          }>('query ($id: ID!) { bulkOperation(id: $id) { status counts { accepted } } }', started);
          return bulkOperation;
        };
        await until(async () => (await operation()).counts.accepted > 0);
        await root.writer.query('SET GLOBAL read_only = ON');
        await expect(call('mutation { createFlow(input: { name: "other" }) { id } }')).rejects.toMatchObject({
          errors: [{ extensions: { code: 'UNAVAILABLE' } }],
        });
        await served.printed(/the worker waits for its database/);
        await root.writer.query('SET GLOBAL read_only = OFF');
        // Slow so far, so that most of it was left when the database became read-only.
        await until(() =>
          call(
            'mutation ($id: ID!) { setBulkOperationRate(id: $id, runsPerSecond: null) { __typename } }',
            started,
          ).then(
            () => true,
            () => false,
          ),
        );
        await until(async () => (await operation()).status !== 'RUNNING');
        expect(await operation()).toEqual({ status: 'COMPLETED', counts: { accepted: 60 } });
      } finally {
        await root.writer.query('SET GLOBAL read_only = OFF');
        await served.kill();
        await root.close();
      }
    }, 60_000);

    describe('during calls', () => {
      beforeAll(async () => {
        await until(async () => (await get('/readyz')).status === 200);
        await createCrowd(seedingThrough(ask), 100);
      }, 60_000);

      test('no call is half written when it is killed', async () => {
        const clients = startClients(() => url);
        try {
          for (const count of [7, 12, 20]) {
            await callsAnswered(clients, count);
            await server.kill();
            await server.restart();
            expect(await faultsIn(databaseUrl)).toEqual([]);
            await until(async () => (await get('/readyz')).status === 200);
          }
          await callsAnswered(clients, 6);
        } finally {
          await clients.stop();
        }
        expect(await faultsIn(databaseUrl)).toEqual([]);
      }, 90_000);
    });

    describe('at the start', () => {
      const refusals = [
        {
          cause: 'a password that is wrong',
          change: (address: URL) => void (address.password = 'not-the-secret'),
          reason: /Access denied/,
        },
        {
          cause: 'a database that is not there',
          change: (address: URL) => void (address.pathname = '/nowhere'),
          reason: /Unknown database/,
        },
      ];
      let starting: GatewayProcess[];
      // Beside each other: each takes seconds to load.
      beforeAll(() => {
        starting = refusals.map(({ change }) => {
          const address = new URL(databaseUrl);
          change(address);
          return startGatewayProcess(address.href);
        });
      });
      afterAll(() => Promise.all(starting.map(each => each.kill())));

      test.each(refusals.map(({ cause, reason }, index) => [cause, reason, index] as const))(
        '%s ends it at once, with the reason and no secret',
        async (_cause, reason, index) => {
          const process = starting[index];
          expect(await process?.ended()).toBe(2);
          expect(process?.output()).toMatch(reason);
          expect(process?.output()).not.toContain('not-the-secret');
        },
        60_000,
      );
    });
  });
}
