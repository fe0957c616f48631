import type { BulkOperation } from '../../../src/domain/bulkOperation';
import type { BulkOperationId } from '../../../src/domain/identifiers';
import { selectNextPage } from '../../../src/operations/selection/selectNextPage';
import { operationSettingsOf } from '../../../src/operations/settings';
import { runBatch } from '../../../src/operations/worker/runBatch';
import { startWorker } from '../../../src/operations/worker/worker';
import { findOperation } from '../../../src/persistence/operations/operations';
import { describeOnEveryDatabase } from '../../harness/databases';
import { until } from '../../harness/waiting';
import { type OperationGateway, startOperationGateway } from '../harness';

const settings = operationSettingsOf({
  operationBatchSize: 2,
  operationPlanSeconds: 900,
  operationRetryWaitSeconds: 3600,
});
const running = { state: { type: { any: ['RUNNING'] } } };

// A worker that has read an operation continues with its batch, although a command changes the operation meanwhile: these
// tests store what it read, and decide the batch afterwards.
describeOnEveryDatabase('a batch in progress when a bulk operation', database => {
  let gateway: OperationGateway;

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url);
    await gateway.worker.stop();
  });
  afterAll(() => gateway.close());
  beforeEach(() => gateway.clear());

  const steer = (mutation: string, id: string) => gateway.call(mutation, { id: ['ID!', id] });

  /** Starts an operation, and returns it as a worker reads it once its runs are selected. */
  async function seenRunning(input: Record<string, unknown>): Promise<BulkOperation> {
    const id = (await gateway.start({
      state: { type: 'CANCELLED' },
      flowRuns: running,
      ...input,
    })) as BulkOperationId;
    const find = () => findOperation(gateway.services.database.primary, id);
    await until(async () => {
      await selectNextPage(gateway.services, settings, { id });
      return (await find())?.status === 'RUNNING';
    });
    const operation = await find();
    if (operation === null) throw new Error('the operation is gone');
    return operation;
  }
  const decide = (operation: BulkOperation) => runBatch(gateway.services, settings, operation, { size: 2 });
  async function finish(id: string): Promise<unknown> {
    const worker = startWorker(gateway.services, settings);
    try {
      return await gateway.ended(id);
    } finally {
      await worker.stop();
    }
  }

  test('is cancelled writes nothing', async () => {
    await gateway.createRuns(4, { type: 'RUNNING' });
    const seen = await seenRunning({});
    await decide(seen);
    await steer('cancelBulkOperation', seen.id);
    expect(await decide(seen)).toBe(0);
    expect(await gateway.operation(seen.id)).toMatchObject({
      status: 'CANCELLED',
      counts: { accepted: 2, pending: 2 },
    });
    expect(await gateway.stateTypes()).toEqual({ CANCELLED: 2, RUNNING: 2 });
    expect((await gateway.items(seen.id)).map(({ position }) => position)).toEqual([1, 2, null, null]);
  });

  test('is paused is decided, and the operation stays paused until it is resumed', async () => {
    await gateway.createRuns(6, { type: 'RUNNING' });
    const seen = await seenRunning({});
    await steer('pauseBulkOperation', seen.id);
    expect(await decide(seen)).toBe(2);
    expect(await gateway.operation(seen.id)).toMatchObject({
      status: 'PAUSED',
      pausedFor: 'REQUESTED',
      counts: { accepted: 2, pending: 4 },
    });
    await steer('resumeBulkOperation', seen.id);
    expect(await finish(seen.id)).toMatchObject({ status: 'COMPLETED', counts: { accepted: 6 } });
  });

  test('is paused ends the operation if nothing else is left', async () => {
    await gateway.createRuns(2, { type: 'RUNNING' });
    const seen = await seenRunning({});
    await steer('pauseBulkOperation', seen.id);
    await decide(seen);
    expect(await gateway.operation(seen.id)).toMatchObject({ status: 'COMPLETED', pausedFor: null });
  });

  test('is paused completes the canary, and the resume ends its review', async () => {
    await gateway.createRuns(6, { type: 'RUNNING' });
    const seen = await seenRunning({ canary: 2 });
    await steer('pauseBulkOperation', seen.id);
    await decide(seen);
    expect(await gateway.operation(seen.id)).toMatchObject({
      status: 'PAUSED',
      pausedFor: 'CANARY',
      counts: { accepted: 2, pending: 4 },
    });
    await steer('resumeBulkOperation', seen.id);
    expect(await finish(seen.id)).toMatchObject({ status: 'COMPLETED', counts: { accepted: 6 } });
  });

  test('is paused before the canary is complete leaves the review for later', async () => {
    await gateway.createRuns(6, { type: 'RUNNING' });
    const seen = await seenRunning({ canary: 4 });
    await steer('pauseBulkOperation', seen.id);
    await decide(seen);
    expect(await gateway.operation(seen.id)).toMatchObject({ pausedFor: 'REQUESTED' });
    await steer('resumeBulkOperation', seen.id);
    const worker = startWorker(gateway.services, settings);
    try {
      expect(await gateway.becomes(seen.id, 'PAUSED')).toMatchObject({
        pausedFor: 'CANARY',
        counts: { accepted: 4, pending: 2 },
      });
    } finally {
      await worker.stop();
    }
  });
});
