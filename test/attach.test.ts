import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { findFreePort } from './databases/freePort';
import { missingPrefect } from './databases/testRun';
import { mirrorOf } from './harness/attachedGateway';
import { describeOnDatabases } from './harness/databases';
import { describeWhere } from './harness/describeWhere';
import { type FaultProxy, startFaultProxy } from './harness/faultProxy';
import { askAt } from './harness/gateway';
import { type GatewayProcess, startGatewayProcess } from './harness/gatewayProcess';
import { seedPrefect } from './harness/prefectSeed';
import { type PrefectServer, startPrefectServer } from './harness/prefectServer';
import { until } from './harness/waiting';

jest.setTimeout(120_000);

interface Ready {
  status: number;
  body: { reason?: string; mirror?: { phase: string } };
}

async function readiness(gateway: GatewayProcess): Promise<Ready> {
  const response = await fetch(`${await gateway.url()}/readyz`);
  return { status: response.status, body: (await response.json()) as Ready['body'] };
}

const names = '{ flowRuns(first: 5) { nodes { name } } }';
const cancelAll = `mutation { bulkSetFlowRunState(input: { flowRuns: { tags: { all: ["x"] } }, state: { type: CANCELLED } }) {
  results { status } } }`;

describeWhere(missingPrefect(), 'a gateway before a Prefect server', () => {
  describeOnDatabases(['embedded', 'mysql'], 'that is away', database => {
    let server: PrefectServer;
    let proxy: FaultProxy;
    let gateway: GatewayProcess;

    beforeAll(async () => {
      server = await startPrefectServer();
      const seed = seedPrefect(server);
      await seed.runs([{ flowId: await seed.flow(), name: 'copied', tags: ['x'] }]);
      proxy = await startFaultProxy(server.apiUrl);
    });
    afterAll(async () => {
      await gateway.kill();
      await proxy.stop();
      await server.stop();
    });
    const start = () => {
      gateway = startGatewayProcess(database.url, { PREFECT_API_URL: proxy.url });
      return gateway.url();
    };

    test('listens at once, says why it is not ready, and attaches when the server responds', async () => {
      await proxy.goDown();
      const ask = askAt(`${await start()}/graphql`);
      expect(await readiness(gateway)).toMatchObject({
        status: 503,
        body: { reason: expect.stringContaining(`The Prefect server at ${proxy.url} has not responded yet`) },
      });
      await expect(ask(cancelAll)).rejects.toThrow('has not responded yet');
      await proxy.comeUp();
      await until(async () => (await mirrorOf(ask))?.phase === 'FOLLOWING');
      expect(await readiness(gateway)).toMatchObject({
        status: 200,
        body: { mirror: { phase: 'FOLLOWING' } },
      });
      expect(await ask(names)).toEqual({ flowRuns: { nodes: [{ name: 'copied' }] } });
    });

    test('shows what was copied before, and says how old it is', async () => {
      await gateway.kill();
      await proxy.goDown();
      const ask = askAt(`${await start()}/graphql`);
      expect(await readiness(gateway)).toMatchObject({ status: 200 });
      expect(await ask(names)).toEqual({ flowRuns: { nodes: [{ name: 'copied' }] } });
      await expect(ask(cancelAll)).rejects.toThrow('has not responded yet');
      await proxy.comeUp();
      expect(await ask(names)).toEqual({ flowRuns: { nodes: [{ name: 'copied' }] } });
    });

    test('stops on a signal while it looks for the server', async () => {
      await gateway.kill();
      await proxy.goDown();
      await start();
      await gateway.printed(/the Prefect server does not respond/);
      gateway.terminate();
      expect(await gateway.ended()).toBe(0);
      await proxy.comeUp();
    });
  });
});

describeWhere(missingPrefect(), 'a worker before a Prefect server that is away', () => {
  describeOnDatabases(['mysql'], 'on a database of its own', database => {
    let server: PrefectServer;
    let proxy: FaultProxy;
    let worker: GatewayProcess;

    beforeAll(async () => {
      server = await startPrefectServer();
      proxy = await startFaultProxy(server.apiUrl);
    });
    beforeEach(async () => {
      await proxy.goDown();
      worker = startGatewayProcess(database.url, { PREFECT_API_URL: proxy.url }, ['--role', 'worker']);
      await worker.printed(/the Prefect server does not respond/);
    });
    afterEach(() => worker.kill());
    afterAll(async () => {
      await proxy.stop();
      await server.stop();
    });

    test('stops on a signal at once', async () => {
      await worker.url();
      worker.terminate();
      expect(await worker.ended()).toBe(0);
    });

    test('says why it is not ready, and begins to copy when the server responds', async () => {
      expect(await readiness(worker)).toMatchObject({
        status: 503,
        body: { reason: expect.stringContaining(`The Prefect server at ${proxy.url} has not responded yet`) },
      });
      await proxy.comeUp();
      await worker.printed(/the mirror: FOLLOWING/);
      expect(await readiness(worker)).toMatchObject({
        status: 200,
        body: { mirror: { phase: 'FOLLOWING' } },
      });
    });

    test('ends with the reason where the server has another version when it responds', async () => {
      const body = JSON.stringify('2.20.9');
      proxy.inject({ kind: 'respond', status: 200, body }, ({ path }) => path.endsWith('/admin/version'));
      await proxy.comeUp();
      expect(await worker.ended()).toBe(2);
      expect(worker.output()).toMatch(/The Prefect server is version 2\.20\.9/);
    });
  });
});

describeOnDatabases(['embedded', 'mysql'], 'a gateway with a wrong PREFECT_API_URL', database => {
  let gateway: GatewayProcess;
  let other: Server;

  /** Serves a port as a server that is no Prefect server of version 3. */
  async function serve(port: number, version: string | null): Promise<void> {
    other = createServer((_request, response) => {
      response.writeHead(version === null ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(version));
    });
    other.listen(port, '127.0.0.1');
    await once(other, 'listening');
  }
  const start = (port: number) => {
    gateway = startGatewayProcess(database.url, { PREFECT_API_URL: `http://127.0.0.1:${port}/api` });
  };
  afterEach(async () => {
    await gateway.kill();
    other.close();
  });

  test.each([
    [null, /There is no Prefect server at http:\/\/127\.0\.0\.1:\d+\/api/],
    ['2.20.9', /The Prefect server is version 2\.20\.9/],
  ])('ends with the reason before it listens where the server responds (%s)', async (version, reason) => {
    const port = await findFreePort();
    await serve(port, version);
    start(port);
    expect(await gateway.ended()).toBe(2);
    expect(gateway.output()).toMatch(reason);
    expect(gateway.output()).not.toContain('listening');
  });

  test('ends with the reason when the server responds at last, and leaves the database to the right one', async () => {
    const port = await findFreePort();
    start(port);
    await gateway.url();
    await gateway.printed(/the Prefect server does not respond/);
    await serve(port, null);
    expect(await gateway.ended()).toBe(2);
    expect(gateway.output()).toMatch(/There is no Prefect server at/);
    start(await findFreePort());
    await gateway.printed(/the Prefect server does not respond/);
    await gateway.url();
  });
});
