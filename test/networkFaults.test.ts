import { type Database, openDatabase } from '../src/persistence/connection/database';
import { FlowRunEntity } from '../src/persistence/entities/flowRun';
import { faultsOf } from './harness/consistency';
import { describeOnDatabases, type TestDatabase } from './harness/databases';
import { type Fault, type Forwarder, forwardTo } from './harness/forwarder';
import { startGateway, type TestGateway } from './harness/gateway';
import { seedingThrough } from './harness/seeding';
import { until } from './harness/waiting';

const runCount = 50;

const move = (type: string) => `mutation {
  bulkSetFlowRunState(input: { state: { type: ${type} }, flowRuns: { tags: { any: ["moved"] } }, limit: ${runCount} }) {
    results { status }
  }
}`;

interface Moved {
  bulkSetFlowRunState: { results: { status: string }[] };
}

const codesOf = (error: unknown): string[] =>
  (error as { errors: { extensions: { code: string } }[] }).errors.map(({ extensions }) => extensions.code);

function declareTests(database: TestDatabase): void {
  let direct: Database;
  let proxy: Forwarder;
  let gateway: TestGateway;

  beforeAll(async () => {
    const seeder = await startGateway(database.url);
    const seeding = seedingThrough(seeder.ask);
    const flowId = await seeding.createFlow('etl');
    await seeding.createFlowRuns(
      Array.from({ length: runCount }, () => ({ flowId, tags: ['moved'], state: { type: 'RUNNING' } })),
    );
    await seeder.close();
    direct = await openDatabase({ url: database.url, poolSize: 2 });
    proxy = await forwardTo(database.url);
    gateway = await startGateway(proxy.url, { DATABASE_STATEMENT_SECONDS: '1' });
  }, 60_000);
  afterAll(async () => {
    await gateway?.close();
    await proxy?.cut();
    await direct?.close();
  });

  /** How many runs are of each type. */
  async function types(): Promise<Record<string, number>> {
    const rows = await direct.primary
      .getRepository(FlowRunEntity)
      .createQueryBuilder('run')
      .select('run.stateType', 'type')
      .addSelect('COUNT(*)', 'count')
      .groupBy('run.stateType')
      .getRawMany<{ type: string; count: string }>();
    return Object.fromEntries(rows.map(({ type, count }) => [type, Number(count)]));
  }

  async function statementsOfOneCall(): Promise<number> {
    await gateway.worker.stop();
    const before = proxy.statements();
    await gateway.ask(move('RUNNING'));
    return proxy.statements() - before;
  }

  test.each<Fault>(['cut', 'loseResponse', 'truncate', 'delay'])(
    'at any statement of a call (%s) cause no internal error, and move either all runs or none',
    async fault => {
      const statements = await statementsOfOneCall();
      expect(statements).toBeGreaterThan(4);
      let failed = 0;
      for (let index = 0; index < statements; index++) {
        const [before, after] = index % 2 === 0 ? ['RUNNING', 'PAUSED'] : ['PAUSED', 'RUNNING'];
        await gateway.ask<Moved>(move(before));
        expect(await types()).toEqual({ [before]: runCount });
        proxy.failStatement(index, fault);
        const codes = await gateway.ask<Moved>(move(after)).then(() => [], codesOf);
        if (codes.length > 0) failed++;
        expect(codes.filter(code => code !== 'UNAVAILABLE' && code !== 'TIMEOUT')).toEqual([]);
        expect([{ [before]: runCount }, { [after]: runCount }]).toContainEqual(await types());
        await gateway.ask<Moved>(move(after));
        expect(await types()).toEqual({ [after]: runCount });
      }
      // The fault came to statements of the call: most of them cannot be sent again.
      expect(failed > 2).toBe(fault !== 'delay');
      expect(await faultsOf(direct)).toEqual([]);
    },
    60_000,
  );

  test('that are silent on idle connections delay a call by a few seconds', async () => {
    await gateway.worker.stop();
    await gateway.ask(move('RUNNING'));
    // Connections that were used within the last second are trusted.
    await until(() => proxy.idleMilliseconds() > 1100);
    proxy.silence();
    const started = Date.now();
    await gateway.ask(move('PAUSED'));
    expect(Date.now() - started).toBeLessThan(8000);
    expect(await types()).toEqual({ PAUSED: runCount });
  }, 60_000);

  test('that are silent during a call end in UNAVAILABLE or TIMEOUT', async () => {
    const statements = await statementsOfOneCall();
    for (const index of [0, 2, statements - 1]) {
      proxy.failStatement(index, 'silence');
      const codes = await gateway.ask<Moved>(move('PAUSED')).then(() => [], codesOf);
      expect(codes.filter(code => code !== 'UNAVAILABLE' && code !== 'TIMEOUT')).toEqual([]);
      await until(async () => (await gateway.ask<Moved>(move('RUNNING')).catch(() => null)) !== null);
      expect(await types()).toEqual({ RUNNING: runCount });
    }
  }, 90_000);
}

describeOnDatabases(['mysql', 'mariadb'], 'faults of the network', declareTests);
