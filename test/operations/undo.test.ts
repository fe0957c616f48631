import { describeOnEveryDatabase } from '../harness/databases';
import { type OperationGateway, startOperationGateway } from './harness';

const running = { state: { type: { any: ['RUNNING'] } } };

describeOnEveryDatabase('undo and retry of a bulk operation', database => {
  let gateway: OperationGateway;

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url, { OPERATION_BATCH_SIZE: '4' });
  });
  afterAll(() => gateway.close());
  beforeEach(() => gateway.clear());

  const set = (id: string, type: string) =>
    gateway.ask(
      'mutation ($id: UUID!, $type: StateType!) { setFlowRunState(input: { flowRunId: $id, state: { type: $type } }) { status } }',
      { id, type },
    );
  const activeSlots = async (id: string): Promise<number> => {
    const answer = await gateway.ask<{ deployment: { activeSlots: number } }>(
      'query ($id: UUID!) { deployment(id: $id) { activeSlots } }',
      { id },
    );
    return answer.deployment.activeSlots;
  };
  const rows = (table: string): Promise<unknown[]> =>
    gateway.services.database.writer.query(`SELECT * FROM ${table} ORDER BY id`);
  const repeat = (mutation: string, id: string, more: Record<string, [string, unknown]> = {}) =>
    gateway.call(mutation, { id: ['UUID!', id], reason: ['String!', 'a mistake'], ...more });

  test('gives back every column, of the run and of its parent task run, and rewrites no history', async () => {
    const [parent = ''] = await gateway.createRuns(1, { type: 'RUNNING' }, { name: 'parent' });
    const made = await gateway.ask<{ createTaskRuns: { taskRuns: { id: string }[] } }>(
      'mutation ($id: UUID!) { createTaskRuns(input: [{ flowRunId: $id }]) { taskRuns { id } } }',
      { id: parent },
    );
    const parentTaskRunId = made.createTaskRuns.taskRuns[0]?.id;
    await gateway.createRuns(1, { type: 'RUNNING', message: 'at work' }, { parentTaskRunId });
    await gateway.createRuns(6, { type: 'RUNNING' }, { retries: 3 });
    const before = await gateway.runColumns();
    const history = await rows('flow_run_state');
    const withoutState = (found: unknown[]) =>
      (found as Record<string, unknown>[]).map(
        ({ state_id: _id, state_timestamp: _timestamp, updated: _updated, ...rest }) => rest,
      );
    const taskRuns = withoutState(await rows('task_run'));

    const id = await gateway.start({ state: { type: 'FAILED' }, flowRuns: running });
    await gateway.ended(id);
    expect(await gateway.runColumns()).not.toEqual(before);
    expect(withoutState(await rows('task_run'))).not.toEqual(taskRuns);

    const undo = await gateway.undo(id);
    expect(await gateway.ended(undo)).toMatchObject({ status: 'COMPLETED', counts: { accepted: 8 } });
    expect(await gateway.runColumns()).toEqual(before);
    expect(withoutState(await rows('task_run'))).toEqual(taskRuns);
    const now = (await rows('flow_run_state')) as { id: string }[];
    const ids = new Set((history as { id: string }[]).map(state => state.id));
    expect(now.filter(state => ids.has(state.id))).toEqual(history);
    expect(now).toHaveLength(history.length * 3);
  });

  test('turns back the rejects that wrote a state, too', async () => {
    const deploymentId = await gateway.createDeployment();
    await gateway.createRuns(3, { type: 'SCHEDULED' }, { deploymentId });
    const before = await gateway.runColumns();
    const id = await gateway.start({
      state: { type: 'CANCELLING' },
      flowRuns: { state: { type: { any: ['SCHEDULED'] } } },
    });
    expect(await gateway.ended(id)).toMatchObject({
      status: 'COMPLETED_WITH_FAILURES',
      counts: { rejected: 3 },
      outcomes: [{ status: 'REJECT', code: 'NO_INFRASTRUCTURE', count: 3 }],
    });
    expect((await gateway.items(id))[0]?.state).toMatchObject({ type: 'CANCELLED' });
    await gateway.ended(await gateway.undo(id));
    expect(await gateway.runColumns()).toEqual(before);
  });

  test('leaves alone what something else moved since, and what had no state', async () => {
    const [moved = ''] = await gateway.createRuns(1, { type: 'RUNNING' });
    const [stateless = ''] = await gateway.createRuns(1, null);
    const id = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: {}, all: true });
    await gateway.ended(id);
    await set(moved, 'FAILED');

    const undo = await gateway.undo(id);
    expect(await gateway.ended(undo)).toMatchObject({
      status: 'COMPLETED_WITH_FAILURES',
      counts: { skipped: 1, rejected: 1 },
    });
    const items = await gateway.items(undo);
    expect(items.find(({ flowRunId }) => flowRunId === moved)).toMatchObject({
      status: 'SKIPPED',
      code: 'CHANGED_SINCE_OPERATION',
    });
    expect(items.find(({ flowRunId }) => flowRunId === stateless)).toMatchObject({
      status: 'REJECT',
      code: 'NO_EARLIER_STATE',
    });
  });

  test('frees the slots that the operation took, with their leases', async () => {
    const deploymentId = await gateway.createDeployment({ concurrencyLimit: 5 });
    await gateway.createRuns(3, { type: 'SCHEDULED' }, { deploymentId });
    const id = await gateway.start({
      state: { type: 'PENDING' },
      flowRuns: { state: { type: { any: ['SCHEDULED'] } } },
    });
    await gateway.ended(id);
    expect(await activeSlots(deploymentId)).toBe(3);
    expect(await rows('concurrency_lease')).toHaveLength(3);
    await gateway.ended(await gateway.undo(id));
    expect(await activeSlots(deploymentId)).toBe(0);
    expect(await rows('concurrency_lease')).toEqual([]);
  });

  test('takes the slots that the operation freed again, as far as there are any', async () => {
    const deploymentId = await gateway.createDeployment({ concurrencyLimit: 3 });
    await gateway.createRuns(3, { type: 'SCHEDULED' }, { deploymentId });
    const scheduled = { state: { type: { any: ['SCHEDULED'] } } };
    await gateway.ended(await gateway.start({ state: { type: 'PENDING' }, flowRuns: scheduled }));
    const id = await gateway.start({
      state: { type: 'FAILED' },
      flowRuns: { state: { type: { any: ['PENDING'] } } },
    });
    await gateway.ended(id);
    expect(await activeSlots(deploymentId)).toBe(0);
    const [taker = ''] = await gateway.createRuns(1, { type: 'SCHEDULED' }, { deploymentId });
    await set(taker, 'PENDING');

    const undo = await gateway.undo(id);
    expect(await gateway.ended(undo)).toMatchObject({
      counts: { accepted: 2, aborted: 1 },
      outcomes: expect.arrayContaining([
        expect.objectContaining({ status: 'ABORT', code: 'CONCURRENCY_SLOT_LOST', count: 1 }),
      ]),
    });
    expect(await activeSlots(deploymentId)).toBe(3);

    await set(taker, 'FAILED');
    const again = await repeat('retryBulkOperation', undo);
    expect(await gateway.ended(again.id ?? '')).toMatchObject({
      status: 'COMPLETED',
      counts: { accepted: 1 },
    });
    expect(await activeSlots(deploymentId)).toBe(3);
    expect(await gateway.stateTypes()).toEqual({ PENDING: 3, FAILED: 1 });
  });

  test('is done once, and never undone itself', async () => {
    await gateway.createRuns(2, { type: 'RUNNING' });
    const id = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: running });
    await gateway.ended(id);
    const undo = await gateway.undo(id);
    await gateway.ended(undo);
    expect(await repeat('undoBulkOperation', id)).toMatchObject({ code: 'ALREADY_UNDONE' });
    expect(await repeat('undoBulkOperation', undo)).toMatchObject({ code: 'UNDO_OF_UNDO' });
    const { bulkOperation } = await gateway.ask<{ bulkOperation: unknown }>(
      'query ($id: UUID!) { bulkOperation(id: $id) { state { type } undoOf { id undoneBy { id } } } }',
      { id: undo },
    );
    expect(bulkOperation).toEqual({ state: null, undoOf: { id, undoneBy: { id: undo } } });
  });

  test('a retry tries what was declined again, or only what has certain codes', async () => {
    const deploymentId = await gateway.createDeployment();
    await gateway.createRuns(2, { type: 'COMPLETED' }, { deploymentId });
    await gateway.createRuns(3, { type: 'COMPLETED' });
    await gateway.createRuns(1, { type: 'COMPLETED', data: { type: 'reference' } }, { deploymentId });
    const id = await gateway.start({
      state: { type: 'SCHEDULED' },
      flowRuns: { state: { type: { any: ['COMPLETED'] } } },
    });
    expect(await gateway.ended(id)).toMatchObject({ counts: { accepted: 2, rejected: 1, aborted: 3 } });

    const all = await repeat('retryBulkOperation', id);
    expect(await gateway.ended(all.id ?? '')).toMatchObject({
      counts: { matched: 4, rejected: 1, aborted: 3 },
    });
    const some = await repeat('retryBulkOperation', id, { codes: ['[TransitionCode!]', ['NO_DEPLOYMENT']] });
    expect(await gateway.ended(some.id ?? '')).toMatchObject({ counts: { matched: 3, aborted: 3 } });
    expect(
      await repeat('retryBulkOperation', id, { codes: ['[TransitionCode!]', ['ALREADY_LATE']] }),
    ).toMatchObject({ code: 'NOTHING_TO_DO' });
    const { bulkOperation } = await gateway.ask<{ bulkOperation: unknown }>(
      'query ($id: UUID!) { bulkOperation(id: $id) { flowRuns state { type name } retryOf { id } reason } }',
      { id: all.id },
    );
    expect(bulkOperation).toEqual({
      flowRuns: null,
      state: { type: 'SCHEDULED', name: 'Scheduled' },
      retryOf: { id },
      reason: 'a mistake',
    });
  });
});
