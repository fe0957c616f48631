import { openDatabase } from '../../../src/persistence/connection/database';
import { errorKindOf } from '../../../src/persistence/connection/errorKind';
import { describeOnDatabases, type TestDatabase } from '../../harness/databases';
import { forwardTo } from '../../harness/forwarder';
import { startGateway, type TestGateway } from '../../harness/gateway';
import { type Seeding, seedingThrough } from '../../harness/seeding';
import { countListeners, transports } from '../../harness/subscribing';
import { until } from '../../harness/waiting';

interface Listed {
  flowRuns: { totalCount: number; nodes: { id: string; stateType: string; state: { type: string } }[] };
}

const list = (filter: string) =>
  `{ flowRuns(filter: ${filter}) { totalCount nodes { id stateType state { type } } } }`;
const setState = (type: string, tag: string) => `bulkSetFlowRunState(input: {
  state: { type: ${type} }, flowRuns: { tags: { any: ["${tag}"] } }
}) { results { status state { type } flowRun { stateType state { type } states { totalCount } } } }`;

/** The other database stands still at what it was: a replica that is far behind. */
function declareTests(database: TestDatabase, behind: () => string): void {
  let gateway: TestGateway;
  let seeding: Seeding;
  let flowId: string;
  let id: string;

  beforeAll(async () => {
    const old = await startGateway(behind());
    const oldSeeding = seedingThrough(old.ask);
    const oldFlowId = await oldSeeding.createFlow('etl');
    const [oldId = ''] = await oldSeeding.createFlowRuns([
      { flowId: oldFlowId, tags: ['moved'], state: { type: 'SCHEDULED' } },
    ]);
    id = oldId;
    await old.close();

    gateway = await startGateway(database.url, { DATABASE_REPLICA_URLS: behind() });
    seeding = seedingThrough(gateway.ask);
    flowId = await seeding.createFlow('etl');
    await seeding.createFlowRuns([{ id, flowId, tags: ['moved'], state: { type: 'RUNNING' } }]);
  });
  afterAll(() => gateway?.close());

  const post = async (path: string, body: unknown): Promise<unknown> => {
    const response = await fetch(new URL(path, gateway.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.json();
  };

  test('serves lists and counts', async () => {
    expect(await gateway.ask<Listed>(list('{ state: { type: { any: [SCHEDULED] } } }'))).toEqual({
      flowRuns: { totalCount: 1, nodes: [{ id, stateType: 'SCHEDULED', state: { type: 'SCHEDULED' } }] },
    });
    expect(await gateway.ask('{ flowRunCount(filter: { state: { type: { any: [RUNNING] } } }) }')).toEqual({
      flowRunCount: 0,
    });
    const flow_runs = { state: { type: { any_: ['SCHEDULED'] } } };
    expect(await post('/api/flow_runs/count', { flow_runs })).toBe(1);
  });

  test('does not serve a preview, which shows what would be decided', async () => {
    const query = setState('PENDING', 'moved').replace('bulkSet', 'previewBulkSet');
    const { previewBulkSetFlowRunState } = await gateway.ask<{
      previewBulkSetFlowRunState: { results: unknown[] };
    }>(`{ ${query} }`);
    // A run that is RUNNING, as only the first database knows, does not become PENDING.
    expect(previewBulkSetFlowRunState.results).toMatchObject([
      { status: 'ABORT', state: { type: 'RUNNING' } },
    ]);
  });

  test('does not serve a decision, and the caller reads its own writes', async () => {
    const { bulkSetFlowRunState } = await gateway.ask<{ bulkSetFlowRunState: { results: unknown[] } }>(
      `mutation { ${setState('COMPLETED', 'moved')} }`,
    );
    expect(bulkSetFlowRunState.results).toEqual([
      {
        status: 'ACCEPT',
        state: { type: 'COMPLETED' },
        flowRun: { stateType: 'COMPLETED', state: { type: 'COMPLETED' }, states: { totalCount: 2 } },
      },
    ]);
    // The next request knows nothing of that one.
    const { flowRuns } = await gateway.ask<Listed>(list(`{ id: { any: ["${id}"] } }`));
    expect(flowRuns.nodes).toMatchObject([{ stateType: 'SCHEDULED' }]);
  });

  test('serves no field of a mutation, so that each shows the state that it wrote', async () => {
    await seeding.createFlowRuns([{ flowId, tags: ['twice'], state: { type: 'RUNNING' } }]);
    const moved = (type: string) => ({
      results: [
        {
          status: 'ACCEPT',
          state: { type },
          flowRun: { stateType: type, state: { type }, states: { totalCount: expect.any(Number) } },
        },
      ],
    });
    expect(
      await gateway.ask(
        `mutation { first: ${setState('CANCELLING', 'twice')} second: ${setState('CANCELLED', 'twice')} }`,
      ),
    ).toEqual({ first: moved('CANCELLING'), second: moved('CANCELLED') });
  });

  test('does not serve a run that was just created, which is returned whole', async () => {
    const query = `mutation ($input: [CreateFlowRunInput!]!) {
      createFlowRuns(input: $input) { results { flowRun { state { type } flow { id } states { totalCount } } } }
    }`;
    expect(await gateway.ask(query, { input: [{ flowId, state: { type: 'PENDING' } }] })).toEqual({
      createFlowRuns: {
        results: [
          { flowRun: { state: { type: 'PENDING' }, flow: { id: flowId }, states: { totalCount: 1 } } },
        ],
      },
    });
  });

  test('does not serve a REST call that writes, which reads what it wrote', async () => {
    expect(await post('/api/flow_runs', { flow_id: flowId, context: { some: 'thing' } })).toMatchObject({
      state: { type: 'PENDING' },
      context: { some: 'thing' },
    });
  });

  test.each(transports)(
    'does not serve subscribers over %s, who receive the run after the write',
    async (_name, subscribe) => {
      const listeners = countListeners(gateway.services);
      const subscription = subscribe(
        gateway,
        'subscription { flowRunStateChanged { flowRun { state { type } flow { id } } } }',
      );
      const first = subscription.next();
      await until(() => listeners() === 1);
      await seeding.createFlowRuns([{ flowId, state: { type: 'PAUSED' } }]);
      expect(await first).toEqual({
        data: { flowRunStateChanged: { flowRun: { state: { type: 'PAUSED' }, flow: { id: flowId } } } },
      });
      await subscription.stop();
    },
  );
}

/** The other database stands for a replica that nothing was ever copied to: what is read there is not found. */
function declareOutages(database: TestDatabase, empty: () => string): void {
  const gateways: TestGateway[] = [];
  beforeAll(async () => {
    await (await startGateway(empty())).close();
    const gateway = await startGateway(database.url);
    await seedingThrough(gateway.ask).createFlow('etl');
    gateways.push(gateway);
  });
  afterAll(() => Promise.all(gateways.map(gateway => gateway.close())));

  async function startWith(...replicaUrls: string[]): Promise<() => Promise<number>> {
    const gateway = await startGateway(database.url, { DATABASE_REPLICA_URLS: replicaUrls.join(',') });
    gateways.push(gateway);
    const seeding = seedingThrough(gateway.ask);
    const flowId = await seeding.createFlow('etl');
    await seeding.createFlowRuns([{ flowId, state: { type: 'RUNNING' } }]);
    return async () => (await gateway.ask<{ flowRunCount: number }>('{ flowRunCount }')).flowRunCount;
  }

  test('is replaced by the first database from the start', async () => {
    const away = await forwardTo(empty());
    await away.cut();
    const count = await startWith(away.url);
    expect(await count()).toBeGreaterThan(0);
  });

  test('is reported once for each failure', async () => {
    const away = await forwardTo(empty());
    await away.cut();
    const problems: unknown[] = [];
    const opened = await openDatabase({
      url: database.url,
      replicaUrls: [away.url],
      onReplicaAway: error => problems.push(errorKindOf(error)),
    });
    try {
      for (let read = 0; read < 5; read++) await opened.reader.query('SELECT 1');
      expect(problems).toEqual(['connectionLost']);
    } finally {
      await opened.close();
    }
  });

  test('is replaced by the first database later', async () => {
    const replica = await forwardTo(empty());
    const count = await startWith(replica.url);
    expect(await count()).toBe(0);
    await replica.cut();
    // A read at that moment fails, because the database is unavailable.
    await until(async () => (await count().catch(() => 0)) > 0);
    expect(await count()).toBeGreaterThan(0);
  });

  test('is replaced by another replica', async () => {
    const replica = await forwardTo(empty());
    const count = await startWith(replica.url, empty());
    await replica.cut();
    await until(async () => (await count().catch(() => -1)) === 0);
    expect(await Promise.all([count(), count(), count()])).toEqual([0, 0, 0]);
  });
}

for (const kind of ['mysql', 'mariadb'] as const) {
  describeOnDatabases([kind], 'with a replica that lags behind', first => {
    describeOnDatabases([kind], 'the replica', second => declareTests(first, () => second.url));
  });
  describeOnDatabases([kind], 'with an unavailable replica', first => {
    describeOnDatabases([kind], 'the replica', second => declareOutages(first, () => second.url));
  });
}
