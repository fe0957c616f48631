import type { BulkOperationId } from '../../../src/domain/identifiers';
import { operationSettingsOf } from '../../../src/operations/settings';
import { startWorker, type Worker } from '../../../src/operations/worker/worker';
import { BulkOperationEntity } from '../../../src/persistence/entities/bulkOperation';
import { describeOnEveryDatabase } from '../../harness/databases';
import { countListeners, type Subscribe, transports } from '../../harness/subscribing';
import { until } from '../../harness/waiting';
import { type OperationGateway, startOperationGateway } from '../harness';

interface SeenItem {
  position: number;
  cursor: string;
  flowRunId: string;
  status: string;
}

const [[, overServerSentEvents]] = transports as readonly [readonly [string, Subscribe]];
const running = { state: { type: { any: ['RUNNING'] } } };
const settings = operationSettingsOf({
  operationBatchSize: 5,
  operationPlanSeconds: 900,
  operationRetryWaitSeconds: 3600,
});

describeOnEveryDatabase('watching a bulk operation', database => {
  let gateway: OperationGateway;
  let others: Worker[];

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url, { OPERATION_BATCH_SIZE: '5' });
    others = [startWorker(gateway.services, settings), startWorker(gateway.services, settings)];
  });
  afterAll(async () => {
    await Promise.all(others.map(worker => worker.stop()));
    await gateway.close();
  });
  beforeEach(() => gateway.clear());

  /** Reads items from behind a cursor on, all of them or the first few. */
  async function read(
    subscribe: Subscribe,
    id: string,
    after: string | null,
    most = Number.POSITIVE_INFINITY,
  ): Promise<SeenItem[]> {
    const seen: SeenItem[] = [];
    const place = after === null ? '' : `, after: "${after}"`;
    const query = `subscription { bulkOperationItems(id: "${id}"${place}) { position cursor flowRunId status } }`;
    const subscription = subscribe(gateway, query);
    while (seen.length < most) {
      const answer = await subscription.next();
      if (answer === null) break;
      if (answer.errors) throw new Error(JSON.stringify(answer.errors));
      seen.push(answer.data?.bulkOperationItems as SeenItem);
    }
    await subscription.stop();
    return seen;
  }

  const firstPositions = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

  test.each(transports)(
    'delivers each item once, in commit order, over %s, with several workers, and continues from a cursor',
    async (_name, subscribe) => {
      const runs = await gateway.createRuns(83, { type: 'RUNNING' });
      const id = await gateway.start({
        state: { type: 'CANCELLED' },
        flowRuns: running,
        runsPerSecond: 400,
      });
      const start = await read(subscribe, id, null, 30);
      const [whole, rest] = await Promise.all([
        read(subscribe, id, null),
        read(subscribe, id, start.at(-1)?.cursor ?? null),
      ]);
      expect(whole.map(({ position }) => position)).toEqual(firstPositions(83));
      expect([...start, ...rest]).toEqual(whole);
      expect(whole.map(({ flowRunId }) => flowRunId).sort()).toEqual([...runs].sort());
      expect((await gateway.operation(id)).status).toBe('COMPLETED');
    },
  );

  test('misses nothing when every signal is lost', async () => {
    await gateway.createRuns(20, { type: 'RUNNING' });
    const { services } = gateway;
    const { operationSignals } = services;
    services.operationSignals = { ...operationSignals, notify: () => undefined };
    try {
      const id = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: running, runsPerSecond: 40 });
      const seen = await read(overServerSentEvents, id, null);
      expect(seen.map(({ position }) => position)).toEqual(firstPositions(20));
    } finally {
      services.operationSignals = operationSignals;
    }
  });

  test.each(transports)('ends for a reader over %s that leaves during a wait', async (_name, subscribe) => {
    await gateway.createRuns(2, { type: 'RUNNING' });
    const id = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: running, canary: 1 });
    await gateway.becomes(id, 'PAUSED');
    const { services } = gateway;
    const { operationSignals } = services;
    let listening = 0;
    let left: () => void = () => undefined;
    const gone = new Promise<void>(resolve => {
      left = resolve;
    });
    services.operationSignals = {
      ...operationSignals,
      subscribe(listener) {
        const stop = operationSignals.subscribe(listener);
        listening++;
        return () => {
          stop();
          if (--listening === 0) left();
        };
      },
    };
    try {
      const subscription = subscribe(
        gateway,
        `subscription { bulkOperationItems(id: "${id}") { position } }`,
      );
      expect(await subscription.next()).toMatchObject({ data: { bulkOperationItems: { position: 1 } } });
      await subscription.stop();
      await gone;
    } finally {
      services.operationSignals = operationSignals;
      await gateway.call('cancelBulkOperation', { id: ['ID!', id] });
    }
  });

  test('reports progress to the end, with counts that only grow', async () => {
    await gateway.createRuns(60, { type: 'RUNNING' });
    const id = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: running, runsPerSecond: 60 });
    const subscription = overServerSentEvents(
      gateway,
      `subscription { bulkOperationProgress(id: "${id}") { status counts { accepted pending } } }`,
    );
    const start = performance.now();
    const accepted: number[] = [];
    let last = '';
    for (;;) {
      const answer = await subscription.next();
      if (!answer) break;
      const seen = answer.data?.bulkOperationProgress as { status: string; counts: { accepted: number } };
      accepted.push(seen.counts.accepted);
      last = seen.status;
    }
    const seconds = (performance.now() - start) / 1000;
    expect(last).toBe('COMPLETED');
    expect(accepted).toEqual([...accepted].sort((one, other) => one - other));
    expect(accepted.at(-1)).toBe(60);
    expect(accepted.length).toBeLessThanOrEqual(seconds * 4 + 2);
  });

  test.each(['bulkOperationItems', 'bulkOperationProgress'])(
    '%s of an unknown operation is NOT_FOUND',
    async field => {
      for (const [, subscribe] of transports) {
        const subscription = subscribe(
          gateway,
          `subscription { ${field}(id: "00000000-0000-7000-8000-000000000000") { __typename } }`,
        );
        expect(await subscription.next()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
        await subscription.stop();
      }
    },
  );

  test.each(transports)(
    'ends with an error over %s when the operation is deleted',
    async (_name, subscribe) => {
      await gateway.createRuns(2, { type: 'RUNNING' });
      const id = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: running, canary: 1 });
      await gateway.becomes(id, 'PAUSED');
      const watching = ['bulkOperationItems', 'bulkOperationProgress'].map(field =>
        subscribe(gateway, `subscription { ${field}(id: "${id}") { __typename } }`),
      );
      for (const subscription of watching) expect(await subscription.next()).toHaveProperty('data');
      await gateway.services.database.writer
        .getRepository(BulkOperationEntity)
        .update({ id: id as BulkOperationId }, { deleted: () => BulkOperationEntity.columns.created.name });
      for (const subscription of watching) {
        expect(await subscription.next()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
        expect(await subscription.next()).toBeNull();
        await subscription.stop();
      }
    },
  );

  test('subscribers to runs receive the transitions of the operation', async () => {
    const [id = ''] = await gateway.createRuns(1, { type: 'RUNNING' });
    const listeners = countListeners(gateway.services);
    const subscription = overServerSentEvents(
      gateway,
      `subscription { flowRunStateChanged(filter: { id: { any: ["${id}"] } }) { flowRun { id } state { type } } }`,
    );
    const next = subscription.next();
    await until(() => listeners() > 0);
    await gateway.ended(await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: running }));
    expect((await next)?.data?.flowRunStateChanged).toEqual({
      flowRun: { id },
      state: { type: 'CANCELLED' },
    });
    await subscription.stop();
  });
});
