import type { BulkOperationId } from '../../../src/domain/identifiers';
import { addSeconds } from '../../../src/domain/instant';
import { selectNextPage } from '../../../src/operations/selection/selectNextPage';
import { operationSettingsOf } from '../../../src/operations/settings';
import { runBatch } from '../../../src/operations/worker/runBatch';
import { findOperation } from '../../../src/persistence/operations/operations';
import { describeOnEveryDatabase } from '../../harness/databases';
import { transports } from '../../harness/subscribing';
import { until } from '../../harness/waiting';
import { type OperationGateway, startOperationGateway } from '../harness';

const running = { state: { type: { any: ['RUNNING'] } } };
const settings = operationSettingsOf({
  operationBatchSize: 4,
  operationPlanSeconds: 900,
  operationRetryWaitSeconds: 3600,
});

describeOnEveryDatabase('the report of a bulk operation', database => {
  let gateway: OperationGateway;

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url, { OPERATION_BATCH_SIZE: '4' });
  });
  afterAll(() => gateway.close());
  beforeEach(() => gateway.clear());

  test('a rejection that wrote another state counts as rejected, and its item has the state', async () => {
    // Without infrastructure there is nothing to wait for: such a run becomes CANCELLED at once.
    const [without = ''] = await gateway.createRuns(1, { type: 'SCHEDULED' });
    const [ended = ''] = await gateway.createRuns(1, { type: 'COMPLETED' });
    const [cancelling = ''] = await gateway.createRuns(
      1,
      { type: 'RUNNING' },
      { infrastructurePid: 'host:1' },
    );
    const id = await gateway.start({ state: { type: 'CANCELLING' }, flowRuns: {}, all: true });
    expect(await gateway.ended(id)).toMatchObject({
      status: 'COMPLETED_WITH_FAILURES',
      counts: { accepted: 1, rejected: 1, aborted: 1 },
    });
    expect(await gateway.items(id)).toMatchObject([
      { flowRunId: cancelling, status: 'ACCEPT', state: { type: 'CANCELLING' } },
      { flowRunId: ended, status: 'ABORT', code: 'ALREADY_TERMINAL', state: null },
      { flowRunId: without, status: 'REJECT', code: 'NO_INFRASTRUCTURE', state: { type: 'CANCELLED' } },
    ]);
    expect(await gateway.stateTypes()).toEqual({ CANCELLED: 1, COMPLETED: 1, CANCELLING: 1 });
  });

  test('outcomes and counts equal the sums of the items, with five runs of each kind at most', async () => {
    await gateway.createRuns(7, { type: 'RUNNING' });
    await gateway.createRuns(9, { type: 'COMPLETED' });
    const id = await gateway.start({ state: { type: 'CANCELLING' }, flowRuns: {}, all: true });
    const { outcomes, counts } = await gateway.ended(id);
    const items = await gateway.items(id);
    const numberOf = (status: string) => items.filter(item => item.status === status).length;
    expect(counts).toEqual({
      matched: items.length,
      pending: 0,
      waiting: 0,
      skipped: 0,
      accepted: numberOf('ACCEPT'),
      rejected: numberOf('REJECT'),
      aborted: numberOf('ABORT'),
    });
    expect(outcomes.reduce((sum, { count }) => sum + count, 0)).toBe(items.length);
    for (const { status, code, count, sample } of outcomes) {
      const alike = items.filter(item => item.status === status && item.code === code);
      expect(count).toBe(alike.length);
      expect(sample).toHaveLength(Math.min(5, count));
      for (const { id: run } of sample) expect(alike.map(({ flowRunId }) => flowRunId)).toContain(run);
    }
  });

  test('estimates the time left by the speed of the last half minute and the rate, and not before there is one', async () => {
    await gateway.worker.stop();
    const { services } = gateway;
    const { clock } = services;
    let now = clock();
    services.clock = () => now;
    try {
      await gateway.createRuns(20, { type: 'RUNNING' });
      const id = (await gateway.start({
        state: { type: 'CANCELLED' },
        flowRuns: running,
      })) as BulkOperationId;
      const secondsLeft = async (): Promise<number | null> => {
        const answer = await gateway.ask<{ bulkOperation: { estimatedSecondsLeft: number | null } }>(
          'query ($id: ID!) { bulkOperation(id: $id) { estimatedSecondsLeft } }',
          { id },
        );
        return answer.bulkOperation.estimatedSecondsLeft;
      };
      const seen = async () => {
        const operation = await findOperation(services.database.primary, id);
        if (operation === null) throw new Error('it is gone');
        return operation;
      };
      expect(await secondsLeft()).toBeNull();
      await until(async () => {
        await selectNextPage(services, settings, { id });
        return (await seen()).status === 'RUNNING';
      });
      expect(await secondsLeft()).toBeNull();
      for (let batch = 0; batch < 2; batch++) {
        await runBatch(services, settings, await seen(), { size: 4 });
        now = addSeconds(now, 2);
      }
      // Eight runs in four seconds, and twelve to go.
      expect(await secondsLeft()).toBe(6);
      const rate = ['Int', 1] as [string, unknown];
      await gateway.call('setBulkOperationRate', { id: ['ID!', id], runsPerSecond: rate });
      expect(await secondsLeft()).toBe(12);
      await gateway.call('pauseBulkOperation', { id: ['ID!', id] });
      expect(await secondsLeft()).toBeNull();
      now = addSeconds(now, 600);
      await gateway.call('resumeBulkOperation', { id: ['ID!', id] });
      await gateway.call('setBulkOperationRate', { id: ['ID!', id], runsPerSecond: ['Int', null] });
      // Neither the time before the pause nor the pause is its present speed.
      expect(await secondsLeft()).toBeNull();
      await runBatch(services, settings, await seen(), { size: 4 });
      now = addSeconds(now, 1);
      expect(await secondsLeft()).toBe(2);
    } finally {
      services.clock = clock;
    }
  });
});

describeOnEveryDatabase('the cursors of a bulk operation', database => {
  let gateway: OperationGateway;

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url, { OPERATION_BATCH_SIZE: '4' });
  });
  afterAll(() => gateway.close());
  beforeEach(() => gateway.clear());

  test.each(transports)(
    'over %s an invalid one, one of another operation or list, and one from the future are rejected',
    async (_name, subscribe) => {
      const move = async (from: string, to: string) => {
        const id = await gateway.start({
          state: { type: to },
          flowRuns: { state: { type: { any: [from] } } },
        });
        await gateway.ended(id);
        return id;
      };
      await gateway.createRuns(2, { type: 'PENDING' });
      const id = await move('PENDING', 'CANCELLED');
      await gateway.createRuns(3, { type: 'RUNNING' });
      const other = await move('RUNNING', 'FAILED');
      const cursorsOf = async (of: string) => {
        const answer = await gateway.ask<{
          bulkOperation: { items: { edges: { cursor: string; node: { cursor: string } }[] } };
        }>('query ($of: ID!) { bulkOperation(id: $of) { items { edges { cursor node { cursor } } } } }', {
          of,
        });
        return answer.bulkOperation.items.edges;
      };
      const last = (await cursorsOf(id)).at(-1);
      const toCome = Buffer.from(
        Buffer.from(last?.node.cursor ?? '', 'base64url')
          .toString()
          .replace(/,2]$/, ',3]'),
      ).toString('base64url');
      const cursors = ['made up', (await cursorsOf(other))[0]?.node.cursor, last?.cursor, toCome];
      for (const after of cursors) {
        const subscription = subscribe(
          gateway,
          `subscription { bulkOperationItems(id: "${id}", after: "${after}") { position } }`,
        );
        expect(await subscription.next()).toMatchObject({
          errors: [{ extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['after'] }] } }],
        });
        await subscription.stop();
      }
      const subscription = subscribe(
        gateway,
        `subscription { bulkOperationItems(id: "${id}", after: "${last?.node.cursor}") { position } }`,
      );
      expect(await subscription.next()).toBeNull();
      await subscription.stop();
    },
  );
});
