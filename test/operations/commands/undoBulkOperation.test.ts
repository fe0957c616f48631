import { In, type ObjectLiteral } from 'typeorm';
import { addSeconds } from '../../../src/domain/instant';
import { columnList, type RawRow, type TableSchema } from '../../../src/persistence/entities/columns';
import { LeaseEntity } from '../../../src/persistence/entities/deployment';
import { FlowRunEntity } from '../../../src/persistence/entities/flowRun';
import { FlowRunStateEntity, TaskRunStateEntity } from '../../../src/persistence/entities/state';
import { TaskRunEntity } from '../../../src/persistence/entities/taskRun';
import { revokeExpiredLeases } from '../../../src/persistence/flowRuns/leases';
import { faultsOf } from '../../harness/consistency';
import { describeOnEveryDatabase } from '../../harness/databases';
import { type OperationGateway, startOperationGateway, withoutNotes } from '../harness';

const running = { state: { type: { any: ['RUNNING'] } } };

describeOnEveryDatabase('undo and retry of a bulk operation', database => {
  let gateway: OperationGateway;

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url, { OPERATION_BATCH_SIZE: '4' });
  });
  afterAll(() => gateway.close());
  beforeEach(() => gateway.clear());

  const set = (id: string, type: string, headers: Record<string, string> = {}) =>
    gateway.ask(
      'mutation ($id: ID!, $type: StateType!) { setFlowRunState(input: { flowRunId: $id, state: { type: $type } }) { status } }',
      { id, type },
      headers,
    );
  const activeSlots = async (id: string): Promise<number> => {
    const answer = await gateway.ask<{ deployment: { activeSlots: number } }>(
      'query ($id: ID!) { deployment(id: $id) { activeSlots } }',
      { id },
    );
    return answer.deployment.activeSlots;
  };
  const rows = <Of extends object>(entity: TableSchema<Of>): Promise<RawRow[]> =>
    gateway.services.database.writer
      .createQueryBuilder()
      .select(columnList('stored', entity.columns))
      .from(entity, 'stored')
      .orderBy('stored.id')
      .getRawMany<RawRow>();
  const repeat = (mutation: string, id: string, more: Record<string, [string, unknown]> = {}) =>
    gateway.call(mutation, { id: ['ID!', id], reason: ['String!', 'a mistake'], ...more });

  test('restores every column of the run and of its parent task run, and adds to the history', async () => {
    const [parent = ''] = await gateway.createRuns(1, { type: 'RUNNING' }, { name: 'parent' });
    const made = await gateway.ask<{ createTaskRuns: { taskRuns: { id: string }[] } }>(
      'mutation ($id: ID!) { createTaskRuns(input: [{ flowRunId: $id }]) { taskRuns { id } } }',
      { id: parent },
    );
    const parentTaskRunId = made.createTaskRuns.taskRuns[0]?.id;
    await gateway.createRuns(1, { type: 'RUNNING', message: 'at work' }, { parentTaskRunId });
    await gateway.createRuns(6, { type: 'RUNNING' }, { retries: 3 });
    const before = await gateway.runColumns();
    const history = await rows(FlowRunStateEntity);
    const withoutState = (found: RawRow[]) =>
      found.map(({ state_id: _id, state_timestamp: _timestamp, updated: _updated, ...rest }) => rest);
    const taskRuns = withoutState(await rows(TaskRunEntity));

    const id = await gateway.start({ state: { type: 'FAILED' }, flowRuns: running });
    await gateway.ended(id);
    expect(await gateway.runColumns()).not.toEqual(before);
    expect(withoutState(await rows(TaskRunEntity))).not.toEqual(taskRuns);

    const undo = await gateway.undo(id);
    expect(await gateway.ended(undo)).toMatchObject({ status: 'COMPLETED', counts: { accepted: 8 } });
    expect(await gateway.runColumns()).toEqual(before);
    expect(withoutState(await rows(TaskRunEntity))).toEqual(taskRuns);
    const now = await rows(FlowRunStateEntity);
    const ids = new Set(history.map(state => state.id));
    expect(now.filter(state => ids.has(state.id))).toEqual(history);
    expect(now).toHaveLength(history.length * 3);
  });

  test('undoes rejects that wrote a state, too', async () => {
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

  test('skips runs that something else moved since, and runs that had no state', async () => {
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
    expect(await rows(LeaseEntity)).toHaveLength(3);
    await gateway.ended(await gateway.undo(id));
    expect(await activeSlots(deploymentId)).toBe(0);
    expect(await rows(LeaseEntity)).toEqual([]);
  });

  test('takes the slots that the operation freed again, as long as any are free', async () => {
    const deploymentId = await gateway.createDeployment({ concurrencyLimit: 3 });
    await gateway.createRuns(3, { type: 'SCHEDULED' }, { deploymentId });
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

  const scheduled = { state: { type: { any: ['SCHEDULED'] } } };
  const pending = { state: { type: { any: ['PENDING'] } } };

  test('a run that received its slot back takes no second one when it starts, and frees it at its end', async () => {
    const deploymentId = await gateway.createDeployment({ concurrencyLimit: 3 });
    const [first = '', second = ''] = await gateway.createRuns(2, { type: 'SCHEDULED' }, { deploymentId });
    await gateway.ended(await gateway.start({ state: { type: 'PENDING' }, flowRuns: scheduled }));
    for (const type of ['FAILED', 'RUNNING']) {
      const id = await gateway.start({ state: { type }, flowRuns: pending });
      expect(await gateway.ended(id)).toMatchObject({ counts: { accepted: 2 } });
      expect(await gateway.ended(await gateway.undo(id))).toMatchObject({ counts: { accepted: 2 } });
      expect(await activeSlots(deploymentId)).toBe(2);
      expect(await faultsOf(gateway.services.database)).toEqual([]);
    }
    for (const [id, type] of [
      [first, 'RUNNING'],
      [second, 'RUNNING'],
      [first, 'COMPLETED'],
      [second, 'FAILED'],
    ] as const)
      await set(id, type, { 'user-agent': 'prefect/3.4.11' });
    expect(await activeSlots(deploymentId)).toBe(0);
  });

  test('a run that had lost its slot before the operation has none afterwards', async () => {
    const deploymentId = await gateway.createDeployment({ concurrencyLimit: 2 });
    const [lost = ''] = await gateway.createRuns(1, { type: 'SCHEDULED' }, { deploymentId });
    await set(lost, 'PENDING');
    const { database: opened, clock } = gateway.services;
    await revokeExpiredLeases(opened, addSeconds(clock(), 24 * 3600), 10);
    const [holder = ''] = await gateway.createRuns(1, { type: 'SCHEDULED' }, { deploymentId });
    await set(holder, 'PENDING');
    const before = await gateway.runColumns();
    const leasesOf = () =>
      opened.writer.getRepository(LeaseEntity).find({ select: { id: true }, order: { id: 'ASC' } });
    const leases = await leasesOf();

    const id = await gateway.start({ state: { type: 'FAILED' }, flowRuns: { id: { any: [lost] } } });
    await gateway.ended(id);
    expect(await activeSlots(deploymentId)).toBe(1);
    await gateway.ended(await gateway.undo(id));
    expect(await activeSlots(deploymentId)).toBe(1);
    expect(await gateway.runColumns()).toEqual(before);
    expect(await leasesOf()).toEqual(leases);
    // As it ends at last it frees nothing: the slot that is taken is the other's.
    await set(lost, 'FAILED');
    expect(await activeSlots(deploymentId)).toBe(1);
  });

  test('runs without slots take none, with any limit', async () => {
    const deploymentId = await gateway.createDeployment({ concurrencyLimit: 2 });
    await gateway.createRuns(5, { type: 'RUNNING' }, { deploymentId });
    const id = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: running });
    await gateway.ended(id);
    expect(await gateway.ended(await gateway.undo(id))).toMatchObject({ counts: { accepted: 5 } });
    expect(await activeSlots(deploymentId)).toBe(0);
  });

  test('a parent task run of several runs receives the state from before all of them', async () => {
    const [parent = ''] = await gateway.createRuns(1, { type: 'COMPLETED' });
    const made = await gateway.ask<{ createTaskRuns: { taskRuns: { id: string }[] } }>(
      'mutation ($id: ID!) { createTaskRuns(input: [{ flowRunId: $id }]) { taskRuns { id } } }',
      { id: parent },
    );
    const parentTaskRunId = made.createTaskRuns.taskRuns[0]?.id;
    await gateway.createRuns(9, { type: 'RUNNING' }, { parentTaskRunId });
    const taskRun = async () => {
      const { message, stateDetails } = TaskRunStateEntity.columns;
      const found = await gateway.services.database.writer
        .createQueryBuilder(TaskRunEntity, 'task_run')
        .select(columnList('task_run', TaskRunEntity.columns))
        .addSelect(columnList('state', { message, stateDetails }))
        .innerJoin(TaskRunStateEntity.tableName, 'state', 'state.id = task_run.stateId')
        .getRawOne<{ message: string | null; [column: string]: unknown }>();
      const {
        state_id: _id,
        state_timestamp: _timestamp,
        updated: _updated,
        ...rest
      } = found ?? { message: null };
      return { ...rest, message: withoutNotes(rest.message) };
    };
    const before = await taskRun();
    const runs = await gateway.runColumns();
    const id = await gateway.start({ state: { type: 'FAILED', message: 'down' }, flowRuns: running });
    await gateway.ended(id);
    expect(await taskRun()).toMatchObject({ state_type: 'FAILED', message: 'down' });
    expect(await gateway.ended(await gateway.undo(id))).toMatchObject({ counts: { accepted: 9 } });
    expect(await gateway.runColumns()).toEqual(runs);
    expect(await taskRun()).toEqual(before);
  });

  test('undoes runs that were sent to wait for a slot, or to retry, and restores their policy', async () => {
    const deploymentId = await gateway.createDeployment({ concurrencyLimit: 1 });
    await gateway.createRuns(3, { type: 'SCHEDULED' }, { deploymentId });
    await gateway.createRuns(2, { type: 'RUNNING' }, { retries: 2, retryDelay: 30 });
    const before = await gateway.runColumns();
    for (const [type, flowRuns, code, count] of [
      ['PENDING', scheduled, 'CONCURRENCY_LIMIT_REACHED', 2],
      ['FAILED', running, 'RETRYING', 2],
    ] as const) {
      const id = await gateway.start({ state: { type }, flowRuns });
      expect((await gateway.ended(id)).outcomes).toContainEqual(
        expect.objectContaining({ status: 'REJECT', code, count }),
      );
      expect(await gateway.ended(await gateway.undo(id))).toMatchObject({ status: 'COMPLETED' });
      expect(await gateway.runColumns()).toEqual(before);
      expect(await activeSlots(deploymentId)).toBe(0);
    }
  });

  test('restores what a cancelled operation moved, and what a retry moved', async () => {
    await gateway.createRuns(6, { type: 'RUNNING' });
    const before = await gateway.runColumns();
    const id = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: running, canary: 2 });
    await gateway.becomes(id, 'PAUSED');
    expect(await repeat('undoBulkOperation', id)).toMatchObject({ code: 'NOT_ENDED' });
    await gateway.call('cancelBulkOperation', { id: ['ID!', id] });
    expect(await repeat('retryBulkOperation', id)).toMatchObject({ code: 'NOTHING_TO_DO' });
    expect(await gateway.ended(await gateway.undo(id))).toMatchObject({
      counts: { matched: 2, accepted: 2 },
    });
    expect(await gateway.runColumns()).toEqual(before);

    const late = await gateway.start({ state: { type: 'SCHEDULED', name: 'Late' }, flowRuns: {}, all: true });
    expect(await gateway.ended(late)).toMatchObject({ counts: { rejected: 6 } });
    const { writer } = gateway.services.database;
    await writer.getRepository(FlowRunEntity).updateAll({ stateType: 'SCHEDULED' });
    const moved = await writer.getRepository(FlowRunEntity).find();
    await writer
      .getRepository<ObjectLiteral>(FlowRunStateEntity)
      .update({ id: In(moved.map(({ stateId }) => stateId)) }, { type: 'SCHEDULED' });
    const prepared = await gateway.runColumns();
    const retry = await repeat('retryBulkOperation', late, {
      codes: ['[TransitionCode!]', ['ONLY_SCHEDULED_CAN_BE_LATE']],
    });
    expect(await gateway.ended(retry.id ?? '')).toMatchObject({ counts: { accepted: 6 } });
    expect(await gateway.ended(await gateway.undo(retry.id ?? ''))).toMatchObject({
      counts: { accepted: 6 },
    });
    expect(await gateway.runColumns()).toEqual(prepared);
  });

  test('a retry uses the settings of the operation, without its guards', async () => {
    await gateway.createRuns(3, { type: 'COMPLETED' });
    const settings = {
      force: false,
      canary: 2,
      pauseAboveFailureRatio: 0.5,
      retryWaits: true,
      runsPerSecond: 500,
      includeSubflows: true,
    };
    const id = await gateway.start({
      state: { type: 'CANCELLING', message: 'again' },
      flowRuns: {},
      all: true,
      expectedCount: 3,
      maxAffected: 5,
      ...settings,
    });
    await gateway.becomes(id, 'PAUSED');
    await gateway.call('resumeBulkOperation', { id: ['ID!', id] });
    await gateway.ended(id);
    const retry = (await repeat('retryBulkOperation', id)).id ?? '';
    expect(await gateway.becomes(retry, 'PAUSED')).toMatchObject({
      pausedFor: 'CANARY',
      counts: { aborted: 2 },
    });
    const { bulkOperation } = await gateway.ask<{ bulkOperation: unknown }>(
      `query ($id: ID!) { bulkOperation(id: $id) { state { type message } force canary pauseAboveFailureRatio
        retryWaits runsPerSecond includeSubflows expectedCount maxAffected } }`,
      { id: retry },
    );
    expect(bulkOperation).toEqual({
      state: { type: 'CANCELLING', message: 'again' },
      expectedCount: null,
      maxAffected: null,
      ...settings,
    });
  });

  test('a retry has the brakes that it is given, and no others', async () => {
    await gateway.createRuns(3, { type: 'COMPLETED' });
    const settings = { canary: 1, pauseAboveFailureRatio: 0.5, runsPerSecond: 500 };
    const id = await gateway.start({ state: { type: 'CANCELLING' }, flowRuns: {}, all: true, ...settings });
    await gateway.becomes(id, 'PAUSED');
    await gateway.call('cancelBulkOperation', { id: ['ID!', id] });
    const retry = await repeat('retryBulkOperation', id, {
      canary: ['Int', null],
      pauseAboveFailureRatio: ['Float', 0.9],
    });
    expect(await gateway.ended(retry.id ?? '')).toMatchObject({ counts: { aborted: 1 } });
    const { bulkOperation } = await gateway.ask<{ bulkOperation: unknown }>(
      'query ($id: ID!) { bulkOperation(id: $id) { canary pauseAboveFailureRatio runsPerSecond } }',
      { id: retry.id },
    );
    expect(bulkOperation).toEqual({ canary: null, pauseAboveFailureRatio: 0.9, runsPerSecond: 500 });
    await expect(repeat('retryBulkOperation', id, { canary: ['Int', 0] })).rejects.toMatchObject({
      message: expect.stringContaining('canary'),
    });
  });

  test('an operation is undone once, and an undo never', async () => {
    await gateway.createRuns(2, { type: 'RUNNING' });
    const id = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: running });
    await gateway.ended(id);
    const undo = await gateway.undo(id);
    await gateway.ended(undo);
    expect(await repeat('undoBulkOperation', id)).toMatchObject({ code: 'ALREADY_UNDONE' });
    expect(await repeat('undoBulkOperation', undo)).toMatchObject({ code: 'UNDO_OF_UNDO' });
    const { bulkOperation } = await gateway.ask<{ bulkOperation: unknown }>(
      'query ($id: ID!) { bulkOperation(id: $id) { state { type } undoOf { id undoneBy { id } } } }',
      { id: undo },
    );
    expect(bulkOperation).toEqual({ state: null, undoOf: { id, undoneBy: { id: undo } } });
  });

  test('a retry repeats the failed items, or only those with the given codes', async () => {
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
    ).toMatchObject({ code: 'NOTHING_TO_DO', message: expect.stringContaining('ALREADY_LATE') });
    expect(await repeat('retryBulkOperation', id, { codes: ['[TransitionCode!]', []] })).toMatchObject({
      code: 'NOTHING_TO_DO',
      message: expect.stringContaining('leave it out'),
    });
    const { bulkOperation } = await gateway.ask<{ bulkOperation: unknown }>(
      'query ($id: ID!) { bulkOperation(id: $id) { flowRuns state { type name } retryOf { id } reason } }',
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
