import { In, type ObjectLiteral } from 'typeorm';
import type { BulkOperation } from '../../../src/domain/bulkOperation';
import type { BulkOperationId, FlowRunId } from '../../../src/domain/identifiers';
import { addSeconds, type Instant } from '../../../src/domain/instant';
import { selectNextPage } from '../../../src/operations/selection/selectNextPage';
import { operationSettingsOf } from '../../../src/operations/settings';
import { planNextBatch } from '../../../src/operations/worker/planBatch';
import { startWorker, type Worker } from '../../../src/operations/worker/worker';
import { BulkOperationItemEntity } from '../../../src/persistence/entities/bulkOperation';
import { FlowRunStateEntity } from '../../../src/persistence/entities/state';
import { takeBatchToPlan } from '../../../src/persistence/operations/batches';
import { findOperation, lockOperation } from '../../../src/persistence/operations/operations';
import type { Services } from '../../../src/transitions/services';
import { CredentialsRefusedError } from '../../../src/transitions/transitionSender';
import { describeOnDatabases, describeOnEveryDatabase } from '../../harness/databases';
import { until } from '../../harness/waiting';
import { type OperationGateway, startOperationGateway } from '../harness';

const settings = operationSettingsOf({
  operationBatchSize: 4,
  operationPlanSeconds: 900,
  operationRetryWaitSeconds: 3600,
});

describeOnEveryDatabase('plans, and runs that wait', database => {
  let gateway: OperationGateway;
  let other: Worker;

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url, { OPERATION_BATCH_SIZE: '4' });
    other = startWorker(gateway.services, settings);
  });
  afterAll(async () => {
    await other.stop();
    await gateway.close();
  });
  beforeEach(() => gateway.clear());

  const scheduled = { state: { type: { any: ['SCHEDULED'] } } };

  /** Moves the gateway's clock ahead by these seconds during the work. */
  async function ahead<Result>(seconds: number, work: () => Promise<Result>): Promise<Result> {
    const { services } = gateway;
    const { clock } = services;
    services.clock = (): Instant => addSeconds(clock(), seconds);
    try {
      return await work();
    } finally {
      services.clock = clock;
    }
  }

  test('a plan shares the slots between its runs, batch after batch, and writes no state', async () => {
    const deploymentId = await gateway.createDeployment({ concurrencyLimit: 3 });
    await gateway.createRuns(10, { type: 'SCHEDULED' }, { deploymentId });
    const written: unknown[] = [];
    const stop = gateway.services.stateChanges.subscribe(
      changes => written.push(...changes),
      () => undefined,
    );
    const id = await gateway.plan({ state: { type: 'PENDING' }, flowRuns: scheduled });
    const plan = await gateway.becomes(id, 'PLANNED');
    stop();

    expect(plan.counts).toMatchObject({ matched: 10, accepted: 3, rejected: 7, pending: 0 });
    expect(plan.outcomes).toMatchObject([
      { status: 'ACCEPT', code: null, count: 3 },
      { status: 'REJECT', code: 'CONCURRENCY_LIMIT_REACHED', count: 7 },
    ]);
    expect(plan.outcomes.map(({ sample }) => sample.length)).toEqual([3, 5]);
    expect(written).toEqual([]);
    expect(await gateway.stateTypes()).toEqual({ SCHEDULED: 10 });
    const predicted = (await gateway.items(id)).map(({ planned }) => planned?.status);
    expect(predicted).toEqual([...Array<string>(3).fill('ACCEPT'), ...Array<string>(7).fill('REJECT')]);

    await gateway.startPlanned(id);
    const operation = await gateway.ended(id);
    expect(operation.counts).toMatchObject({ matched: 10, accepted: 3, rejected: 7 });
  });

  test('a run whose state changed since the plan is skipped', async () => {
    const [changed = '', kept = ''] = await gateway.createRuns(2, { type: 'RUNNING' });
    const id = await gateway.plan({
      state: { type: 'CANCELLED' },
      flowRuns: { state: { type: { any: ['RUNNING'] } } },
    });
    await gateway.becomes(id, 'PLANNED');
    for (const type of ['FAILED', 'RUNNING'])
      await gateway.ask(
        'mutation ($id: ID!, $type: StateType!) { setFlowRunState(input: { flowRunId: $id, state: { type: $type }, force: true }) { status } }',
        { id: changed, type },
      );
    await gateway.createRuns(1, { type: 'RUNNING' });
    await gateway.startPlanned(id);

    expect(await gateway.ended(id)).toMatchObject({ status: 'COMPLETED', counts: { matched: 2 } });
    expect(await gateway.items(id)).toMatchObject([
      { flowRunId: changed, status: 'SKIPPED', code: 'CHANGED_SINCE_PLAN', planned: { status: 'ACCEPT' } },
      { flowRunId: kept, status: 'ACCEPT', planned: { status: 'ACCEPT' } },
    ]);
    expect(await gateway.stateTypes()).toEqual({ RUNNING: 2, CANCELLED: 1 });
  });

  test('a plan that is not started in time expires', async () => {
    await gateway.createRuns(2, { type: 'RUNNING' });
    const input = { state: { type: 'CANCELLED' }, flowRuns: { state: { type: { any: ['RUNNING'] } } } };
    const id = await gateway.plan(input);
    await gateway.becomes(id, 'PLANNED');
    await ahead(901, async () => {
      expect(await gateway.call('startPlannedBulkOperation', { id: ['ID!', id] })).toMatchObject({
        code: 'PLAN_EXPIRED',
      });
      expect((await gateway.ended(id)).status).toBe('EXPIRED');
    });
    expect(await gateway.stateTypes()).toEqual({ RUNNING: 2 });
  });

  test('a plan continues after a run that cannot be read', async () => {
    const deploymentId = await gateway.createDeployment({ concurrencyLimit: 3 });
    const runs = await gateway.createRuns(9, { type: 'SCHEDULED' }, { deploymentId });
    const bad = runs[1] ?? '';
    await gateway.services.database.writer
      .getRepository<ObjectLiteral>(FlowRunStateEntity)
      .update({ flowRunId: bad as FlowRunId }, { stateDetails: () => "'torn'" });
    const id = await gateway.plan({ state: { type: 'PENDING' }, flowRuns: scheduled });
    expect(await gateway.becomes(id, 'PLANNED')).toMatchObject({
      counts: { matched: 9, accepted: 3, rejected: 5, aborted: 1 },
    });
    await gateway.startPlanned(id);
    expect(await gateway.ended(id)).toMatchObject({ counts: { accepted: 3, rejected: 5, aborted: 1 } });
    const { services } = gateway;
    const items = await services.database.writer
      .getRepository(BulkOperationItemEntity)
      .findBy({ flowRunId: bad as FlowRunId });
    expect(items).toMatchObject([{ plannedCode: 'INTERNAL_ERROR', code: 'INTERNAL_ERROR' }]);
  });

  test('a run that could not be read in the plan is moved if it can be read later', async () => {
    const [bad = '', moved = ''] = await gateway.createRuns(3, { type: 'RUNNING' });
    const states = gateway.services.database.writer.getRepository<ObjectLiteral>(FlowRunStateEntity);
    const { stateDetails } = await states.findOneByOrFail({ flowRunId: bad as FlowRunId });
    const both = { flowRunId: In([bad, moved]) };
    await states.update(both, { stateDetails: () => "'torn'" });
    const id = await gateway.plan({
      state: { type: 'CANCELLED' },
      flowRuns: { state: { type: { any: ['RUNNING'] } } },
    });
    expect(await gateway.becomes(id, 'PLANNED')).toMatchObject({ counts: { accepted: 1, aborted: 2 } });
    await states.update(both, { stateDetails });
    await gateway.ask(
      `mutation ($id: ID!) { setFlowRunState(input: { flowRunId: $id, force: true,
        state: { type: RUNNING, name: "Again" } }) { status } }`,
      { id: moved },
    );
    await gateway.startPlanned(id);
    expect(await gateway.ended(id)).toMatchObject({
      status: 'COMPLETED',
      counts: { accepted: 2, skipped: 1 },
    });
    expect((await gateway.items(id)).slice(0, 2)).toMatchObject([
      { flowRunId: bad, status: 'ACCEPT', planned: { status: 'ABORT', code: 'INTERNAL_ERROR' } },
      { flowRunId: moved, status: 'SKIPPED', code: 'CHANGED_SINCE_PLAN' },
    ]);
  });

  test('a run that its server cannot show is planned with the code that an operation gives it, and moved if it can be read later', async () => {
    const { services } = gateway;
    const { executor } = services;
    const [bad = ''] = await gateway.createRuns(6, { type: 'RUNNING' });
    const unread = new Map([[bad as FlowRunId, { isServerFault: true, reason: 'HTTP 500' }]]);
    services.executor = {
      ...executor,
      async refresh(_services, findIds) {
        await findIds();
        return { readAt: services.clock(), unread };
      },
    };
    const id = await gateway.plan({
      state: { type: 'CANCELLED' },
      flowRuns: { state: { type: { any: ['RUNNING'] } } },
    });
    expect(await gateway.becomes(id, 'PLANNED')).toMatchObject({
      counts: { matched: 6, accepted: 5, aborted: 1 },
      outcomes: expect.arrayContaining([expect.objectContaining({ code: 'UPSTREAM_FAILED', count: 1 })]),
    });
    services.executor = executor;
    await gateway.startPlanned(id);
    expect(await gateway.ended(id)).toMatchObject({ status: 'COMPLETED', counts: { accepted: 6 } });
  });

  test('a plan fails with the reason where the server does not accept the credentials', async () => {
    const { services } = gateway;
    const { executor } = services;
    await gateway.createRuns(1, { type: 'RUNNING' });
    services.executor = {
      ...executor,
      refresh: () => Promise.reject(new CredentialsRefusedError('HTTP 401', null)),
    };
    const id = await gateway.plan({
      state: { type: 'CANCELLED' },
      flowRuns: { state: { type: { any: ['RUNNING'] } } },
    });
    expect(await gateway.ended(id)).toMatchObject({
      status: 'FAILED',
      error: expect.stringContaining('does not accept the credentials'),
    });
    services.executor = executor;
  });

  test('a cancelled plan shows its predictions, and neither starts nor expires', async () => {
    await gateway.createRuns(6, { type: 'RUNNING' });
    const id = await gateway.plan({
      state: { type: 'CANCELLED' },
      flowRuns: { state: { type: { any: ['RUNNING'] } } },
    });
    await gateway.becomes(id, 'PLANNED');
    await gateway.call('cancelBulkOperation', { id: ['ID!', id] });
    expect(await gateway.call('startPlannedBulkOperation', { id: ['ID!', id] })).toMatchObject({
      code: 'NOT_PLANNED',
    });
    await ahead(901, async () => {
      // Another plan, which expires, shows that the workers looked.
      const other = await gateway.plan({ state: { type: 'CANCELLED' }, flowRuns: scheduled });
      await gateway.becomes(other, 'PLANNED');
      await ahead(901, () => gateway.ended(other));
    });
    expect(await gateway.operation(id)).toMatchObject({
      status: 'CANCELLED',
      counts: { matched: 6, accepted: 6, pending: 0 },
    });
    for (const item of await gateway.items(id))
      expect(item).toMatchObject({ status: 'PENDING', position: null, planned: { status: 'ACCEPT' } });
    expect(await gateway.stateTypes()).toEqual({ RUNNING: 6 });
  });

  test('counts and outcomes start from zero with the start, and predictions stay', async () => {
    await gateway.createRuns(6, { type: 'RUNNING' });
    await gateway.createRuns(3, { type: 'COMPLETED' });
    const id = await gateway.plan({ state: { type: 'CANCELLING' }, flowRuns: {}, all: true, canary: 2 });
    expect(await gateway.becomes(id, 'PLANNED')).toMatchObject({
      counts: { matched: 9, accepted: 6, aborted: 3, pending: 0 },
    });
    const expires = async (): Promise<string | null> => {
      const { bulkOperation } = await gateway.ask<{ bulkOperation: { expires: string | null } }>(
        'query ($id: ID!) { bulkOperation(id: $id) { expires } }',
        { id },
      );
      return bulkOperation.expires;
    };
    expect(await expires()).not.toBeNull();
    await gateway.startPlanned(id);
    expect(await expires()).toBeNull();
    expect(await gateway.becomes(id, 'PAUSED')).toMatchObject({
      counts: { matched: 9, pending: 7, accepted: 0, aborted: 2 },
      outcomes: [{ status: 'ABORT', code: 'ALREADY_TERMINAL', count: 2 }],
    });
    const items = await gateway.items(id);
    expect(items.map(({ planned }) => planned?.status)).toEqual([
      ...Array<string>(3).fill('ABORT'),
      ...Array<string>(6).fill('ACCEPT'),
    ]);
    expect(items.map(({ position }) => position)).toEqual([1, 2, ...Array<null>(7).fill(null)]);
  });

  test('a plan is started once, and only with the expected count', async () => {
    await gateway.createRuns(2, { type: 'RUNNING' });
    const id = await gateway.plan({
      state: { type: 'CANCELLED' },
      flowRuns: { state: { type: { any: ['RUNNING'] } } },
    });
    await gateway.becomes(id, 'PLANNED');
    const start = (expectedCount: number) =>
      gateway.call('startPlannedBulkOperation', { id: ['ID!', id], expectedCount: ['Int', expectedCount] });
    expect(await start(3)).toMatchObject({ code: 'UNEXPECTED_COUNT', matched: 2 });
    const answers = await Promise.all([start(2), start(2)]);
    expect(answers.map(({ code }) => code ?? 'started').sort()).toEqual(['NOT_PLANNED', 'started']);
    expect(await gateway.ended(id)).toMatchObject({ status: 'COMPLETED', counts: { accepted: 2 } });
  });

  test('runs with the verdict WAIT are tried again after their delay', async () => {
    const soon = addSeconds(gateway.services.clock(), 100);
    const late = addSeconds(gateway.services.clock(), 2 * 3600);
    await gateway.createRuns(1, { type: 'RUNNING' });
    const waiting = await gateway.createRuns(2, { type: 'SCHEDULED', stateDetails: { scheduledTime: soon } });
    const [tooLate = ''] = await gateway.createRuns(1, {
      type: 'SCHEDULED',
      stateDetails: { scheduledTime: late },
    });
    await gateway.createRuns(2, { type: 'PENDING' });
    const id = await gateway.start({
      state: { type: 'RUNNING' },
      flowRuns: { state: { type: { any: ['SCHEDULED', 'PENDING'] } } },
      retryWaits: true,
    });
    let meanwhile = await gateway.operation(id);
    await until(
      async () => {
        meanwhile = await gateway.operation(id);
        return meanwhile.status === 'RUNNING' && meanwhile.counts.pending === 0;
      },
      () => meanwhile,
    );

    expect(meanwhile).toMatchObject({ status: 'RUNNING', counts: { accepted: 2, waiting: 3 } });
    // What is due later than the setting allows has ended as WAIT.
    expect(meanwhile.outcomes).toContainEqual(
      expect.objectContaining({ status: 'WAIT', code: 'SCHEDULED_IN_FUTURE', count: 1 }),
    );
    const items = await gateway.items(id);
    for (const item of items) {
      if (waiting.includes(item.flowRunId))
        expect(item).toMatchObject({ status: 'WAIT', position: null, attempts: 1 });
      if (item.flowRunId === tooLate) expect(item).toMatchObject({ status: 'WAIT', attempts: 1 });
    }

    const ended = await ahead(101, () => gateway.ended(id));
    expect(ended).toMatchObject({
      status: 'COMPLETED_WITH_FAILURES',
      counts: { accepted: 4, waiting: 1, pending: 0 },
    });
    const after = await gateway.items(id);
    expect(after.map(({ position }) => position ?? 0).sort((one, other) => one - other)).toEqual([
      1, 2, 3, 4, 5,
    ]);
    expect(after.filter(({ flowRunId }) => waiting.includes(flowRunId))).toMatchObject([
      { status: 'ACCEPT', attempts: 2 },
      { status: 'ACCEPT', attempts: 2 },
    ]);
  });
});

describeOnDatabases(['mysql', 'mariadb'], 'a plan that another worker decides', database => {
  let gateway: OperationGateway;

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url, { OPERATION_BATCH_SIZE: '4' });
    await gateway.worker.stop();
  });
  afterAll(() => gateway.close());

  /** Makes a plan of eight runs in two batches, and selects its runs. */
  async function selectedPlan(): Promise<BulkOperation> {
    const { services } = gateway;
    await gateway.clear();
    await gateway.createRuns(8, { type: 'RUNNING' });
    const id = (await gateway.plan({
      state: { type: 'CANCELLED' },
      flowRuns: { state: { type: { any: ['RUNNING'] } } },
    })) as BulkOperationId;
    const seen = async () => {
      const operation = await findOperation(services.database.primary, id);
      if (operation === null) throw new Error('it is gone');
      return operation;
    };
    await until(async () => {
      await selectNextPage(services, settings, { id });
      return (await seen()).selection === null;
    });
    return seen();
  }

  test('is skipped without waiting', async () => {
    const { services } = gateway;
    const operation = await selectedPlan();
    const { id } = operation;
    // What the other worker holds from its batch's beginning to its end.
    await services.database.transaction(async connection => {
      await takeBatchToPlan(connection, id);
      await lockOperation(connection, id);
      expect(await planNextBatch(services, settings, operation)).toBe(0);
    });
    expect(await planNextBatch(services, settings, operation)).toBe(4);
  });

  test('is left to the next turn where the rows of an earlier batch were read for it', async () => {
    const { services } = gateway;
    const operation = await selectedPlan();
    const refresh: Services['executor']['refresh'] = async (_services, findIds) => {
      await findIds();
      expect(await planNextBatch(services, settings, operation)).toBe(4);
      return { readAt: services.clock(), unread: new Map() };
    };
    const slow = { ...services, executor: { ...services.executor, refresh } };
    expect(await planNextBatch(slow, settings, operation)).toBe(0);
    expect(await planNextBatch(services, settings, operation)).toBe(4);
  });
});
