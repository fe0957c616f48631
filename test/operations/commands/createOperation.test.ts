import { describeOnEveryDatabase } from '../../harness/databases';
import { type OperationGateway, startOperationGateway } from '../harness';

const running = { state: { type: { any: ['RUNNING'] } } };

describeOnEveryDatabase('the creation of a bulk operation', database => {
  let gateway: OperationGateway;

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url, { DATABASE_POOL_SIZE: '2' });
    await gateway.worker.stop();
  });
  afterAll(() => gateway.close());
  beforeEach(() => gateway.clear());

  const input = { reason: 'a test', state: { type: 'CANCELLED' }, flowRuns: running };
  const start = (more: Record<string, unknown>) =>
    gateway.call('startBulkOperation', { input: ['BulkOperationInput!', { ...input, ...more }] });
  const countOperations = async (): Promise<number> => {
    const answer = await gateway.ask<{ bulkOperations: { totalCount: number } }>(
      '{ bulkOperations { totalCount } }',
    );
    return answer.bulkOperations.totalCount;
  };

  test('returns a result to all simultaneous callers with few connections', async () => {
    await gateway.createRuns(3, { type: 'RUNNING' });
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        start({ expectedCount: index === 0 ? 4 : 3, includeSubflows: index % 2 === 0 }),
      ),
    );
    expect(answers.map(({ status, code }) => status ?? code)).toEqual([
      'UNEXPECTED_COUNT',
      ...Array.from({ length: 7 }, () => 'QUEUED'),
    ]);
    expect(await countOperations()).toBe(7);
  });

  test('returns the operation of the key, although other runs match now', async () => {
    await gateway.createRuns(3, { type: 'RUNNING' });
    const first = await start({ expectedCount: 3, idempotencyKey: 'night' });
    await gateway.createRuns(1, { type: 'RUNNING' });
    expect((await start({ expectedCount: 3, idempotencyKey: 'night' })).id).toBe(first.id);
    expect(await start({ expectedCount: 4, idempotencyKey: 'night' })).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
      message: expect.stringContaining('another key'),
    });
    expect(await countOperations()).toBe(1);
  });

  test('treats equal input as the same from every client', async () => {
    const ask = async (userAgent: string, sent: Record<string, unknown>) => {
      const answer = await gateway.ask<{ startBulkOperation: { id?: string; code?: string } }>(
        `mutation ($input: BulkOperationInput!) { startBulkOperation(input: $input) {
          ... on BulkOperation { id } ... on BulkOperationRefused { code } } }`,
        { input: { ...input, ...sent } },
        { 'user-agent': userAgent },
      );
      return answer.startBulkOperation;
    };
    const key = { idempotencyKey: 'night' };
    const first = await ask('curl/8', { ...key, state: { type: 'CANCELLED', data: { one: 1, two: 2 } } });
    expect(first.id).toBeDefined();
    const again = await ask('prefect/3.5.0', {
      ...key,
      all: false,
      state: { type: 'CANCELLED', data: { two: 2, one: 1 } },
    });
    expect(again).toEqual(first);
    const other = await ask('curl/8', { ...key, state: { type: 'CANCELLED', data: { one: 1, two: 3 } } });
    expect(other).toEqual({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });
});
