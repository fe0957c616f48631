import { addSeconds, type Instant } from '../../../src/domain/instant';
import { describeOnEveryDatabase } from '../../harness/databases';
import { until } from '../../harness/waiting';
import { type OperationGateway, startOperationGateway } from '../harness';

const start = '2030-01-01T00:00:00.000000Z' as Instant;

describeOnEveryDatabase('runs of a bulk operation with the verdict WAIT', database => {
  let gateway: OperationGateway;
  let now: Instant;

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url, {
      OPERATION_BATCH_SIZE: '4',
      OPERATION_RETRY_WAIT_SECONDS: '600',
    });
    gateway.services.clock = () => now;
  });
  afterAll(() => gateway.close());
  beforeEach(async () => {
    now = start;
    await gateway.clear();
  });

  const moveOn = (seconds: number) => {
    now = addSeconds(now, seconds);
  };
  const run = async (scheduledInSeconds: number, more: Record<string, unknown> = {}): Promise<string> => {
    const scheduledTime = addSeconds(start, scheduledInSeconds);
    const [id = ''] = await gateway.createRuns(
      1,
      { type: 'SCHEDULED', stateDetails: { scheduledTime } },
      more,
    );
    return id;
  };
  const scheduled = { state: { type: { any: ['SCHEDULED'] } } };
  const input = { state: { type: 'RUNNING' }, flowRuns: scheduled, retryWaits: true };
  const item = async (id: string, flowRunId: string) =>
    (await gateway.items(id)).find(found => found.flowRunId === flowRunId);

  /** A run that is due, and below it a subflow that has to wait. */
  async function family(): Promise<{ parent: string; child: string }> {
    const parent = await run(-1, { tags: ['parent'] });
    const answer = await gateway.ask<{ createTaskRuns: { taskRuns: { id: string }[] } }>(
      'mutation ($id: ID!) { createTaskRuns(input: [{ flowRunId: $id }]) { taskRuns { id } } }',
      { id: parent },
    );
    const child = await run(60, { parentTaskRunId: answer.createTaskRuns.taskRuns[0]?.id });
    return { parent, child };
  }

  test('are tried again after the clock was set back by more than any delay', async () => {
    await run(-10_000);
    const later = await run(-7000);
    now = addSeconds(start, -7050);
    const id = await gateway.start(input);
    await until(async () => (await gateway.operation(id)).counts.waiting === 1);
    moveOn(-7200);
    await until(async () => ((await item(id, later))?.attempts ?? 0) > 1);
    await gateway.call('cancelBulkOperation', { id: ['ID!', id] });
  });

  test('are tried again after their delay, and have no position until then', async () => {
    const soon = await run(60);
    const later = await run(300);
    const ready = await run(-1);
    const id = await gateway.start(input);
    await until(async () => (await gateway.operation(id)).counts.waiting === 2);

    expect(await gateway.operation(id)).toMatchObject({
      status: 'RUNNING',
      counts: { matched: 3, pending: 0, accepted: 1, waiting: 2 },
      outcomes: [{ status: 'ACCEPT', count: 1 }],
    });
    expect(await item(id, ready)).toMatchObject({ status: 'ACCEPT', position: 1 });
    expect(await item(id, soon)).toMatchObject({
      status: 'WAIT',
      code: 'SCHEDULED_IN_FUTURE',
      position: null,
      cursor: null,
      attempts: 1,
    });

    moveOn(60);
    await until(async () => (await gateway.operation(id)).counts.accepted === 2);
    expect(await item(id, soon)).toMatchObject({ status: 'ACCEPT', code: null, position: 2, attempts: 2 });
    expect(await item(id, later)).toMatchObject({ status: 'WAIT', position: null, attempts: 1 });

    moveOn(240);
    expect(await gateway.ended(id)).toMatchObject({
      status: 'COMPLETED',
      counts: { accepted: 3, waiting: 0 },
      outcomes: [{ status: 'ACCEPT', count: 3 }],
    });
    expect(await item(id, later)).toMatchObject({ status: 'ACCEPT', position: 3, attempts: 2 });
  });

  test('end as WAIT if they are due later than the setting allows', async () => {
    const last = await run(600);
    const beyond = await run(601);
    const id = await gateway.start(input);
    await until(async () => (await gateway.operation(id)).counts.waiting === 2);
    expect(await item(id, beyond)).toMatchObject({ status: 'WAIT', position: 1 });
    expect(await item(id, last)).toMatchObject({ status: 'WAIT', position: null });

    moveOn(600);
    expect(await gateway.ended(id)).toMatchObject({
      status: 'COMPLETED_WITH_FAILURES',
      counts: { accepted: 1, waiting: 1 },
    });
    expect((await gateway.operation(id)).outcomes).toMatchObject([
      { status: 'WAIT', code: 'SCHEDULED_IN_FUTURE', count: 1, sample: [{ id: beyond }] },
      { status: 'ACCEPT', code: null, count: 1 },
    ]);
  });

  test('end as WAIT at once without `retryWaits`', async () => {
    await run(5);
    const id = await gateway.start({ ...input, retryWaits: false });
    expect(await gateway.ended(id)).toMatchObject({
      status: 'COMPLETED_WITH_FAILURES',
      counts: { waiting: 1, pending: 0 },
    });
    expect(await gateway.items(id)).toMatchObject([{ status: 'WAIT', position: 1 }]);
  });

  test('are skipped if they stopped matching', async () => {
    const waiting = await run(60);
    const id = await gateway.start(input);
    await until(async () => (await gateway.operation(id)).counts.waiting === 1);
    await gateway.ask(
      'mutation ($id: ID!) { setFlowRunState(input: { flowRunId: $id, state: { type: CANCELLED } }) { status } }',
      { id: waiting },
    );
    moveOn(60);
    expect(await gateway.ended(id)).toMatchObject({
      status: 'COMPLETED',
      counts: { skipped: 1, waiting: 0 },
    });
    expect(await gateway.items(id)).toMatchObject([
      { status: 'SKIPPED', code: 'NO_LONGER_MATCHES', position: 1, attempts: 2 },
    ]);
  });

  test('stay waiting if the operation is cancelled, and a retry moves them', async () => {
    const waiting = await run(60);
    const id = await gateway.start(input);
    await until(async () => (await gateway.operation(id)).counts.waiting === 1);
    await gateway.call('cancelBulkOperation', { id: ['ID!', id] });
    moveOn(60);
    const again = await gateway.call('retryBulkOperation', {
      id: ['ID!', id],
      reason: ['String!', 'a test'],
    });
    expect(await gateway.ended(again.id ?? '')).toMatchObject({
      status: 'COMPLETED',
      counts: { accepted: 1 },
    });
    expect(await item(again.id ?? '', waiting)).toMatchObject({ status: 'ACCEPT' });
    expect(await gateway.operation(id)).toMatchObject({ status: 'CANCELLED', counts: { waiting: 1 } });
    expect(await gateway.items(id)).toMatchObject([{ status: 'WAIT', position: null }]);
  });

  test('do not delay a canary', async () => {
    await run(-1);
    await run(-1);
    await run(60);
    const id = await gateway.start({ ...input, canary: 2 });
    expect(await gateway.becomes(id, 'PAUSED')).toMatchObject({
      pausedFor: 'CANARY',
      counts: { accepted: 1, waiting: 1, pending: 1 },
    });
    await gateway.call('resumeBulkOperation', { id: ['ID!', id] });
    moveOn(60);
    expect(await gateway.ended(id)).toMatchObject({ status: 'COMPLETED', counts: { accepted: 3 } });
  });

  test('are moved before the runs above them, also in the canary', async () => {
    const { parent, child } = await family();
    const id = await gateway.start({
      ...input,
      flowRuns: { tags: { any: ['parent'] } },
      includeSubflows: true,
      canary: 2,
    });
    await until(async () => (await gateway.operation(id)).counts.waiting === 1);
    expect(await item(id, parent)).toMatchObject({ status: 'PENDING' });
    moveOn(60);
    expect(await gateway.ended(id)).toMatchObject({ status: 'COMPLETED', counts: { accepted: 2 } });
    expect(await item(id, child)).toMatchObject({ position: 1 });
    expect(await item(id, parent)).toMatchObject({ position: 2 });
  });

  test('do not delay the canary of a retry below other runs, which starts with the deepest runs again', async () => {
    const { parent, child } = await family();
    const id = await gateway.start({
      ...input,
      flowRuns: { tags: { any: ['parent'] } },
      includeSubflows: true,
      canary: 1,
    });
    await gateway.becomes(id, 'PAUSED');
    // Neither can be resumed from such a pause.
    for (const flowRunId of [parent, child])
      await gateway.ask(
        `mutation ($flowRunId: ID!) { setFlowRunState(input: { flowRunId: $flowRunId, force: true,
          state: { type: PAUSED, stateDetails: { pauseReschedule: true } } }) { status } }`,
        { flowRunId },
      );
    moveOn(60);
    await gateway.call('resumeBulkOperation', { id: ['ID!', id] });
    expect(await gateway.ended(id)).toMatchObject({ counts: { rejected: 2 } });
    expect((await gateway.items(id)).map(({ flowRunId }) => flowRunId)).toEqual([parent, child]);

    const retry = await gateway.call('retryBulkOperation', {
      id: ['ID!', id],
      reason: ['String!', 'a test'],
    });
    const again = retry.id ?? '';
    expect(await gateway.becomes(again, 'PAUSED')).toMatchObject({
      pausedFor: 'CANARY',
      counts: { matched: 2, rejected: 1, pending: 1 },
    });
    expect(await gateway.items(again)).toMatchObject([
      { flowRunId: child, status: 'REJECT' },
      { flowRunId: parent, status: 'PENDING' },
    ]);
    await gateway.call('resumeBulkOperation', { id: ['ID!', again] });
    expect(await gateway.ended(again)).toMatchObject({ counts: { rejected: 2 } });
  });
});
