import type { BulkOperationId } from '../../../src/domain/identifiers';
import { addSeconds } from '../../../src/domain/instant';
import { operationSettingsOf } from '../../../src/operations/settings';
import { startWorker, type Worker } from '../../../src/operations/worker/worker';
import { findOperation } from '../../../src/persistence/operations/operations';
import { describeOnEveryDatabase } from '../../harness/databases';
import { until } from '../../harness/waiting';
import { type OperationGateway, startOperationGateway } from '../harness';

const running = { state: { type: { any: ['RUNNING'] } } };
const settings = operationSettingsOf({
  operationBatchSize: 7,
  operationPlanSeconds: 900,
  operationRetryWaitSeconds: 3600,
});

describeOnEveryDatabase('the brakes of a bulk operation', database => {
  let gateway: OperationGateway;
  let others: Worker[];

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url, { OPERATION_BATCH_SIZE: '7' });
    others = [startWorker(gateway.services, settings), startWorker(gateway.services, settings)];
  });
  afterAll(async () => {
    await Promise.all(others.map(worker => worker.stop()));
    await gateway.close();
  });
  beforeEach(() => gateway.clear());

  const steer = (mutation: string, id: string) => gateway.call(mutation, { id: ['ID!', id] });

  test.each([1, 10, 25])('a canary of %i is exact with several workers', async canary => {
    await gateway.createRuns(40, { type: 'RUNNING' });
    const id = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: running, canary });

    const paused = await gateway.becomes(id, 'PAUSED');
    expect(paused).toMatchObject({
      pausedFor: 'CANARY',
      counts: { matched: 40, accepted: canary, pending: 40 - canary },
    });
    expect(await gateway.stateTypes()).toEqual({ CANCELLED: canary, RUNNING: 40 - canary });

    await steer('resumeBulkOperation', id);
    expect(await gateway.ended(id)).toMatchObject({ status: 'COMPLETED', counts: { accepted: 40 } });
  });

  test('skips a run that stopped matching before its turn', async () => {
    const [newest = '', second = '', third = ''] = await gateway.createRuns(3, { type: 'RUNNING' });
    const id = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: running, canary: 1 });
    await gateway.becomes(id, 'PAUSED');
    await gateway.ask(
      'mutation ($id: ID!) { setFlowRunState(input: { flowRunId: $id, state: { type: COMPLETED } }) { status } }',
      { id: second },
    );
    await gateway.ask(
      'mutation ($id: ID!) { bulkDeleteFlowRuns(input: { flowRuns: { id: { any: [$id] } } }) { deletedIds } }',
      { id: third },
    );
    await steer('resumeBulkOperation', id);

    expect(await gateway.ended(id)).toMatchObject({
      status: 'COMPLETED_WITH_FAILURES',
      counts: { accepted: 1, skipped: 1, aborted: 1 },
    });
    expect(await gateway.items(id)).toMatchObject([
      { flowRunId: newest, status: 'ACCEPT', code: null },
      { flowRunId: second, status: 'SKIPPED', code: 'NO_LONGER_MATCHES', state: null },
      { flowRunId: third, status: 'ABORT', code: 'FLOW_RUN_NOT_FOUND', state: null },
    ]);
  });

  test('pauses when too many of the last 100 were not accepted, and counts again after the resume', async () => {
    // CANCELLING is only for runs that have not ended: the ended ones are declined.
    await gateway.createRuns(150, { type: 'COMPLETED' });
    await gateway.createRuns(60, { type: 'RUNNING' });
    const id = await gateway.start({
      state: { type: 'CANCELLING' },
      flowRuns: { state: { type: { any: ['RUNNING', 'COMPLETED'] } } },
      pauseAboveFailureRatio: 0.5,
    });

    const first = await gateway.becomes(id, 'PAUSED');
    expect(first.pausedFor).toBe('FAILURE_RATIO');
    expect(first.counts.accepted).toBe(60);
    expect(first.counts.pending).toBeGreaterThan(0);
    // The window is full and more than half of it failed: at least 100, at most a batch of each worker more.
    const decided = first.counts.matched - first.counts.pending;
    expect(decided).toBeGreaterThanOrEqual(110);
    expect(decided).toBeLessThanOrEqual(111 + 3 * 7);

    await steer('resumeBulkOperation', id);
    expect(await gateway.ended(id)).toMatchObject({
      status: 'COMPLETED_WITH_FAILURES',
      counts: { accepted: 60, aborted: 150 },
    });
  });

  test('moves nothing after a cancel, and leaves the rest pending', async () => {
    await gateway.createRuns(80, { type: 'RUNNING' });
    const id = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: running, runsPerSecond: 20 });
    await until(async () => (await gateway.operation(id)).counts.accepted > 0);
    await steer('cancelBulkOperation', id);
    const cancelled = await gateway.operation(id);
    const { accepted, pending } = cancelled.counts;

    expect(cancelled.status).toBe('CANCELLED');
    expect(accepted + pending).toBe(80);
    expect(await gateway.stateTypes()).toEqual({ CANCELLED: accepted, RUNNING: pending });

    // Another operation, whose end shows that the workers had time to go on if they would.
    await gateway.createRuns(10, { type: 'PENDING' });
    const other = await gateway.start({
      state: { type: 'FAILED' },
      flowRuns: { state: { type: { any: ['PENDING'] } } },
    });
    await gateway.ended(other);
    expect((await gateway.operation(id)).counts).toEqual(cancelled.counts);
    expect(await gateway.stateTypes()).toMatchObject({ CANCELLED: accepted, RUNNING: pending });
    expect((await gateway.items(id)).filter(({ status }) => status === 'PENDING')).toHaveLength(pending);
  });

  test('limits the rate of all workers together, and changes it at once', async () => {
    await gateway.createRuns(100, { type: 'RUNNING' });
    const start = performance.now();
    const id = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: running, runsPerSecond: 40 });
    let seen = 0;
    await until(
      async () => {
        seen = (await gateway.operation(id)).counts.accepted;
        return seen >= 20;
      },
      () => seen,
    );
    const allowed = (40 * (performance.now() - start)) / 1000 + 10;
    expect(seen).toBeLessThanOrEqual(allowed);

    await gateway.call('setBulkOperationRate', { id: ['ID!', id], runsPerSecond: ['Int', null] });
    expect(await gateway.ended(id)).toMatchObject({ status: 'COMPLETED', counts: { accepted: 100 } });
  });

  test('counts moved runs for the rate, not the size of a batch', async () => {
    const { services } = gateway;
    const { clock } = services;
    const now = clock();
    services.clock = () => now;
    try {
      await gateway.createRuns(4, { type: 'RUNNING' });
      const id = await gateway.start({
        state: { type: 'CANCELLED' },
        flowRuns: running,
        runsPerSecond: 1000,
        canary: 2,
      });
      await gateway.becomes(id, 'PAUSED');
      const pacedUntil = async () =>
        (await findOperation(services.database.primary, id as BulkOperationId))?.pacedUntil;
      // The batch was of two runs, and a batch of seven is what was booked.
      await until(async () => (await pacedUntil()) === addSeconds(now, 0.002));
    } finally {
      services.clock = clock;
    }
  });

  test('continues with its rate and its waiting runs after the clock is set back', async () => {
    const { services } = gateway;
    const { clock } = services;
    await gateway.createRuns(30, { type: 'RUNNING' });
    const id = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: running, runsPerSecond: 20 });
    try {
      await until(async () => (await gateway.operation(id)).counts.accepted > 0);
      services.clock = () => addSeconds(clock(), -2 * 3600);
      expect(await gateway.ended(id)).toMatchObject({ status: 'COMPLETED', counts: { accepted: 30 } });
    } finally {
      services.clock = clock;
    }
  });

  test('a small operation does not wait for the end of a large one', async () => {
    await gateway.createRuns(120, { type: 'RUNNING' });
    await gateway.createRuns(5, { type: 'PENDING' });
    const large = await gateway.plan({ state: { type: 'CANCELLED' }, flowRuns: running });
    const small = await gateway.plan({
      state: { type: 'FAILED' },
      flowRuns: { state: { type: { any: ['PENDING'] } } },
    });
    for (const id of [large, small]) await gateway.becomes(id, 'PLANNED');
    for (const id of [large, small]) await gateway.startPlanned(id);
    for (const id of [small, large]) await gateway.ended(id);
    const ends = await gateway.ask<Record<'small' | 'large', { ended: string }>>(
      'query ($small: ID!, $large: ID!) { small: bulkOperation(id: $small) { ended } large: bulkOperation(id: $large) { ended } }',
      { small, large },
    );
    expect(Date.parse(ends.small.ended)).toBeLessThan(Date.parse(ends.large.ended));
  });

  test('a paused operation continues where it was', async () => {
    await gateway.createRuns(100, { type: 'RUNNING' });
    const id = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: running, runsPerSecond: 50 });
    expect(await steer('pauseBulkOperation', id)).toMatchObject({ status: 'PAUSED', pausedFor: 'REQUESTED' });
    await gateway.call('setBulkOperationRate', { id: ['ID!', id], runsPerSecond: ['Int', null] });
    await steer('resumeBulkOperation', id);
    expect(await gateway.ended(id)).toMatchObject({ status: 'COMPLETED', counts: { accepted: 100 } });
    const positions = (await gateway.items(id)).map(({ position }) => position ?? 0);
    expect(positions.sort((one, other) => one - other)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
  });
});
