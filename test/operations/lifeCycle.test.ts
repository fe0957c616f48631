import { describeOnEveryDatabase } from '../harness/databases';
import { type OperationGateway, startOperationGateway } from './harness';

describeOnEveryDatabase('the life of a bulk operation', database => {
  let gateway: OperationGateway;

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url, { OPERATION_BATCH_SIZE: '10' });
  });
  afterAll(() => gateway.close());
  beforeEach(() => gateway.clear());

  test('moves every matching run, and returns the result of each', async () => {
    await gateway.createRuns(25, { type: 'RUNNING' });
    await gateway.createRuns(3, { type: 'COMPLETED' });

    const id = await gateway.start({
      state: { type: 'CANCELLED' },
      flowRuns: { state: { type: { any: ['RUNNING'] } } },
    });
    const operation = await gateway.ended(id);

    expect(operation).toMatchObject({
      status: 'COMPLETED',
      counts: { matched: 25, pending: 0, accepted: 25, rejected: 0, aborted: 0, waiting: 0, skipped: 0 },
      outcomes: [{ status: 'ACCEPT', code: null, count: 25 }],
    });
    const items = await gateway.items(id);
    expect(items.map(item => item.position)).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
    expect(items.every(item => item.status === 'ACCEPT' && item.attempts === 1)).toBe(true);
    expect(await gateway.stateTypes()).toEqual({ CANCELLED: 25, COMPLETED: 3 });
  });

  test('completes at once if no run matches', async () => {
    const id = await gateway.start({
      state: { type: 'CANCELLED' },
      flowRuns: { state: { type: { any: ['RUNNING'] } } },
    });
    expect(await gateway.ended(id)).toMatchObject({ status: 'COMPLETED', counts: { matched: 0 } });
  });

  test('plans, and then moves the planned runs', async () => {
    await gateway.createRuns(12, { type: 'RUNNING' });
    await gateway.createRuns(4, { type: 'FAILED' });
    const id = await gateway.plan({
      state: { type: 'CANCELLING' },
      flowRuns: { state: { type: { any: ['RUNNING', 'FAILED'] } } },
    });

    const plan = await gateway.becomes(id, 'PLANNED');
    expect(plan.counts).toMatchObject({ matched: 16, accepted: 12, aborted: 4, pending: 0 });
    expect(await gateway.stateTypes()).toEqual({ RUNNING: 12, FAILED: 4 });

    await gateway.startPlanned(id);
    const operation = await gateway.ended(id);
    expect(operation).toMatchObject({
      status: 'COMPLETED_WITH_FAILURES',
      counts: { matched: 16, accepted: 12, aborted: 4 },
    });
    expect(await gateway.stateTypes()).toEqual({ CANCELLING: 12, FAILED: 4 });
  });

  test('undoes an operation', async () => {
    await gateway.createRuns(15, { type: 'RUNNING' });
    const before = await gateway.runColumns();
    const id = await gateway.start({
      state: { type: 'CANCELLED' },
      flowRuns: { state: { type: { any: ['RUNNING'] } } },
    });
    await gateway.ended(id);
    const undo = await gateway.undo(id);
    expect(await gateway.ended(undo)).toMatchObject({
      status: 'COMPLETED',
      counts: { matched: 15, accepted: 15 },
    });
    expect(await gateway.runColumns()).toEqual(before);
  });
});
