import { createServer } from 'node:http';
import { addSeconds, systemClock } from '../src/domain/instant';
import { listenOn } from '../src/http/sockets/listen';
import { FlowRunStateEntity } from '../src/persistence/entities/state';
import { openWorld, type World } from './background/world';
import { describeOnDatabases, describeOnEveryDatabase } from './harness/databases';
import { type GatewayProcess, startGatewayProcess } from './harness/gatewayProcess';
import { until } from './harness/waiting';
import { type OperationGateway, startOperationGateway } from './operations/harness';

const inBackground = {
  EXPIRED_LEASES: 'on',
  CANCELLING_TIMEOUT: 'on',
  CANCELLATION_CLEANUP: 'on',
  EXPIRED_PAUSES: 'on',
  LATE_RUNS: 'on',
};

describeOnEveryDatabase('the process', database => {
  let world: World;
  let gateway: GatewayProcess;
  beforeAll(async () => {
    world = await openWorld(database.url, addSeconds(systemClock()(), -1000));
  });
  afterAll(async () => {
    await gateway?.kill();
    await world?.close();
  });

  test('runs the background services, and stops them on a signal', async () => {
    const parent = await world.make('CANCELLING');
    const child = await world.subflow(parent, 'RUNNING');
    const pauseTimeout = world.services.clock();
    const paused = await world.make({ type: 'PAUSED', stateDetails: { pauseTimeout } });
    const overdue = await world.make('SCHEDULED');
    gateway = startGatewayProcess(database.url, inBackground);
    await gateway.printed(/cancelling timeout: 1 changed/);
    await gateway.printed(/cancellation cleanup: 1 changed/);
    await gateway.printed(/expired pauses: 1 changed/);
    await gateway.printed(/late runs: 1 changed/);
    expect(await world.stateOf(parent)).toMatchObject({ type: 'CANCELLED' });
    expect(await world.stateOf(child)).toMatchObject({ type: 'CANCELLED' });
    expect(await world.stateOf(paused)).toMatchObject({ type: 'FAILED' });
    expect(await world.stateOf(overdue)).toMatchObject({ type: 'SCHEDULED', written: 2 });
    gateway.terminate();
    expect(await gateway.ended()).toBe(0);
    expect(gateway.output()).toContain('"msg":"stopped"');
  }, 60_000);

  test('exits, and says what to do, if its port is taken', async () => {
    const holder = createServer();
    const { port } = await listenOn(holder, { host: '127.0.0.1', port: 0 });
    const late = startGatewayProcess(database.url, { PORT: String(port) });
    try {
      expect(await late.ended()).toBe(2);
      expect(late.output()).toContain(
        `- PORT ${port} is taken: another process listens there. Stop it, or choose another port with PORT or --port.`,
      );
    } finally {
      await late.kill();
      holder.close();
    }
  }, 60_000);
});

// Attaching needs a database without runs.
describeOnDatabases(['embedded'], 'the process, attached to a Prefect server', database => {
  test.each([
    [
      'localhost',
      'is taken by the Prefect server of PREFECT_API_URL. Choose another port with PORT or --port.',
    ],
    ['prefect.example', 'is taken: another process listens there.'],
  ])(
    'exits, and says who has its port, where that is the port of the Prefect server at %s',
    async (host, message) => {
      const holder = createServer();
      const { port } = await listenOn(holder, { host: '127.0.0.1', port: 0 });
      const PREFECT_API_URL = `http://${host}:${port}/api`;
      const late = startGatewayProcess(database.url, { PORT: String(port), PREFECT_API_URL });
      try {
        expect(await late.ended()).toBe(2);
        expect(late.output()).toContain(`- PORT ${port} ${message}`);
      } finally {
        await late.kill();
        holder.closeAllConnections();
        holder.close();
      }
    },
    60_000,
  );
});

const sleeping = "SELECT id AS id FROM information_schema.processlist WHERE state = 'User sleep'";

// The embedded database runs in the process itself: there nothing can be slower than the process.
describeOnDatabases(['mysql', 'mariadb'], 'the process, with a slow batch in progress', database => {
  let gateway: OperationGateway;
  let worker: GatewayProcess;
  beforeAll(async () => {
    gateway = await startOperationGateway(database.url);
    await gateway.worker.stop();
    await gateway.clear();
  });
  afterAll(async () => {
    await worker?.kill();
    await gateway?.close();
  });

  test('leaves the batch to be rolled back after SHUTDOWN_SECONDS', async () => {
    const [run = ''] = await gateway.createRuns(1, { type: 'RUNNING' });
    const before = await gateway.runColumns();
    const { writer } = gateway.services.database;
    await writer.query(
      `CREATE TRIGGER slow_states BEFORE INSERT ON ${FlowRunStateEntity.tableName} FOR EACH ROW SET @slept = SLEEP(25)`,
    );
    try {
      const id = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: { id: { any: [run] } } });
      worker = startGatewayProcess(database.url, { SHUTDOWN_SECONDS: '1' });
      await until(async () => (await writer.query<unknown[]>(sleeping)).length > 0);
      worker.terminate();
      expect(await worker.ended()).toBe(1);
      expect(worker.output()).toContain('longer than SHUTDOWN_SECONDS');
      expect(await gateway.operation(id)).toMatchObject({ status: 'RUNNING', counts: { pending: 1 } });
      expect(await gateway.runColumns()).toEqual(before);
    } finally {
      for (const { id } of await writer.query<{ id: string }[]>(sleeping)) await writer.query(`KILL ${id}`);
      await writer.query('DROP TRIGGER slow_states');
    }
  }, 60_000);
});
