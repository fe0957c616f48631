import { readConfig } from '../../../src/config/config';
import type { BulkOperationId } from '../../../src/domain/identifiers';
import { selectNextPage } from '../../../src/operations/selection/selectNextPage';
import { operationSettingsOf } from '../../../src/operations/settings';
import { startWorker } from '../../../src/operations/worker/worker';
import { BulkOperationItemEntity, SelectedRunEntity } from '../../../src/persistence/entities/bulkOperation';
import { describeOnEveryDatabase } from '../../harness/databases';
import { until } from '../../harness/waiting';
import { type OperationGateway, startOperationGateway } from '../harness';

const pagesOfFour = operationSettingsOf(readConfig({ OPERATION_BATCH_SIZE: '4' }));
const running = { state: { type: { any: ['RUNNING'] } } };

describeOnEveryDatabase('the selection of a bulk operation', database => {
  let gateway: OperationGateway;

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url, { OPERATION_BATCH_SIZE: '4' });
  });
  afterAll(() => gateway.close());
  beforeEach(() => gateway.clear());

  const orderOf = async (id: string) => (await gateway.items(id)).map(({ flowRunId }) => flowRunId);
  const resume = (id: string) => gateway.call('resumeBulkOperation', { id: ['ID!', id] });

  test('takes the newest run first, page by page', async () => {
    const runs = await gateway.createRuns(11, { type: 'RUNNING' });
    const id = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: running });
    expect(await gateway.ended(id)).toMatchObject({ counts: { matched: 11, accepted: 11 } });
    expect(await orderOf(id)).toEqual(runs);
  });

  test('freezes the set: runs that are created or match later are not in it', async () => {
    const [late = ''] = await gateway.createRuns(1, { type: 'PENDING' });
    const runs = await gateway.createRuns(4, { type: 'RUNNING' });
    const id = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: running, canary: 1 });
    await gateway.becomes(id, 'PAUSED');
    await gateway.createRuns(2, { type: 'RUNNING' });
    await gateway.ask(
      'mutation ($id: ID!) { setFlowRunState(input: { flowRunId: $id, force: true, state: { type: RUNNING } }) { status } }',
      { id: late },
    );
    await resume(id);
    expect(await gateway.ended(id)).toMatchObject({ counts: { matched: 4, accepted: 4 } });
    expect(await orderOf(id)).toEqual(runs);
    expect(await gateway.stateTypes()).toEqual({ CANCELLED: 4, RUNNING: 3 });
  });

  test.each([
    ['expectedCount', { expectedCount: 2 }],
    ['maxAffected', { maxAffected: 2 }],
  ])('%s applies to the frozen set of a plan, too', async (guard, more) => {
    await gateway.createRuns(2, { type: 'RUNNING' });
    await gateway.worker.stop();
    const id = await gateway.plan({ state: { type: 'CANCELLED' }, flowRuns: running, ...more });
    await gateway.createRuns(1, { type: 'RUNNING' });
    const worker = startWorker(gateway.services, operationSettingsOf(readConfig({})));
    try {
      const plan = await gateway.ended(id);
      expect(plan).toMatchObject({ status: 'FAILED', error: expect.stringContaining(guard) });
      expect(plan.error).toContain('3');
      expect(plan.outcomes).toEqual([]);
    } finally {
      await worker.stop();
    }
  });

  test('adds subflows of many runs or of one run page by page', async () => {
    const { services } = gateway;
    await gateway.worker.stop();
    const tops = await gateway.createRuns(9, { type: 'RUNNING' }, { tags: ['top'] });
    const { createTaskRuns } = await gateway.ask<{ createTaskRuns: { taskRuns: { id: string }[] } }>(
      'mutation ($input: [CreateTaskRunInput!]!) { createTaskRuns(input: $input) { taskRuns { id } } }',
      { input: tops.map(flowRunId => ({ flowRunId })) },
    );
    const below: string[] = [];
    for (const [index, count] of [0, 2, 1, 11, 0, 4, 5, 0, 3].entries()) {
      const parentTaskRunId = createTaskRuns.taskRuns[index]?.id;
      if (count > 0)
        below.push(...(await gateway.createRuns(count, { type: 'RUNNING' }, { parentTaskRunId })));
    }
    const id = await gateway.start({
      state: { type: 'CANCELLED' },
      flowRuns: { tags: { any: ['top'] } },
      includeSubflows: true,
    });
    const operationId = id as BulkOperationId;
    const sizes = { selected: [0], items: [0] };
    await until(async () => {
      await selectNextPage(services, pagesOfFour, { id: operationId });
      const { writer } = services.database;
      sizes.selected.push(await writer.getRepository(SelectedRunEntity).countBy({ operationId }));
      sizes.items.push(await writer.getRepository(BulkOperationItemEntity).countBy({ operationId }));
      return (await gateway.operation(id)).status === 'RUNNING';
    });
    for (const counts of [sizes.selected, sizes.items]) {
      const steps = counts.slice(1).map((size, index) => size - (counts[index] ?? 0));
      expect(Math.max(...steps)).toBe(4);
    }
    expect(await orderOf(id)).toEqual([...below.sort().reverse(), ...tops]);
  });

  test('adds a thousand subflows at once', async () => {
    const [parent] = await gateway.createRuns(1, { type: 'RUNNING' }, { tags: ['top'] });
    const answer = await gateway.ask<{ createTaskRuns: { taskRuns: { id: string }[] } }>(
      'mutation ($input: [CreateTaskRunInput!]!) { createTaskRuns(input: $input) { taskRuns { id } } }',
      { input: [{ flowRunId: parent }] },
    );
    const parentTaskRunId = answer.createTaskRuns.taskRuns[0]?.id;
    for (let page = 0; page < 5; page++)
      await gateway.createRuns(1000, { type: 'RUNNING' }, { parentTaskRunId });
    const worker = startWorker(gateway.services, operationSettingsOf(readConfig({})));
    try {
      const id = await gateway.plan({
        state: { type: 'CANCELLED' },
        flowRuns: { tags: { any: ['top'] } },
        includeSubflows: true,
      });
      expect(await gateway.becomes(id, 'PLANNED')).toMatchObject({ counts: { matched: 5001 } });
    } finally {
      await worker.stop();
    }
  });
});
