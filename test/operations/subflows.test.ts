import { compileFlowRunFilter } from '../../src/persistence/filter/compile';
import { countWithSubflows } from '../../src/persistence/ledger/selection';
import { describeOnEveryDatabase } from '../harness/databases';
import { type OperationGateway, startOperationGateway } from './harness';

describeOnEveryDatabase('subflows of a bulk operation', database => {
  let gateway: OperationGateway;

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url, { OPERATION_BATCH_SIZE: '2' });
  });
  afterAll(() => gateway.close());
  beforeEach(() => gateway.clear());

  async function run(state: string, parent: string | null, name: string): Promise<string> {
    let parentTaskRunId: string | null = null;
    if (parent !== null) {
      const answer = await gateway.ask<{ createTaskRuns: { taskRuns: { id: string }[] } }>(
        'mutation ($id: UUID!) { createTaskRuns(input: [{ flowRunId: $id }]) { taskRuns { id } } }',
        { id: parent },
      );
      parentTaskRunId = answer.createTaskRuns.taskRuns[0]?.id ?? null;
    }
    const [id = ''] = await gateway.createRuns(1, { type: state }, { parentTaskRunId, name, tags: [name] });
    return id;
  }

  const cancelBelow = (name: string, more: Record<string, unknown> = {}) => ({
    state: { type: 'CANCELLED' },
    flowRuns: { tags: { any: [name] } },
    includeSubflows: true,
    ...more,
  });

  test('unfinished ones at any depth are moved, deepest first', async () => {
    const top = await run('RUNNING', null, 'top');
    const child = await run('RUNNING', top, 'child');
    const finished = await run('COMPLETED', top, 'finished');
    const belowFinished = await run('RUNNING', finished, 'below finished');
    const grandchild = await run('PENDING', child, 'grandchild');
    const apart = await run('RUNNING', null, 'apart');

    const id = await gateway.start(cancelBelow('top'));
    expect(await gateway.ended(id)).toMatchObject({
      status: 'COMPLETED',
      counts: { matched: 4, accepted: 4 },
    });

    const order = (await gateway.items(id)).map(({ flowRunId }) => flowRunId);
    expect(order).toEqual([grandchild, belowFinished, child, top]);
    expect((await gateway.items(id)).map(({ position }) => position)).toEqual([1, 2, 3, 4]);
    const states = await gateway.ask<{ flowRun: { stateType: string } }>(
      'query ($id: UUID!) { flowRun(id: $id) { stateType } }',
      { id: apart },
    );
    expect(states.flowRun.stateType).toBe('RUNNING');
  });

  test('a run that is reached twice is one item, at its greatest depth', async () => {
    const top = await run('RUNNING', null, 'both');
    const middle = await run('RUNNING', top, 'both');
    const bottom = await run('RUNNING', middle, 'bottom');
    const id = await gateway.start(cancelBelow('both'));
    await gateway.ended(id);
    expect((await gateway.items(id)).map(({ flowRunId }) => flowRunId)).toEqual([bottom, middle, top]);
  });

  test('a finished run that matches by itself is moved, though it is a subflow too', async () => {
    const top = await run('FAILED', null, 'failed');
    const child = await run('FAILED', top, 'failed');
    const id = await gateway.start({ ...cancelBelow('failed'), state: { type: 'CANCELLED' } });
    expect(await gateway.ended(id)).toMatchObject({ counts: { matched: 2, accepted: 2 } });
    expect((await gateway.items(id)).map(({ flowRunId }) => flowRunId)).toEqual([child, top]);
  });

  test('a cycle ends the walk', async () => {
    const first = await run('RUNNING', null, 'round');
    const second = await run('RUNNING', first, 'second');
    const third = await run('RUNNING', second, 'third');
    const answer = await gateway.ask<{ createTaskRuns: { taskRuns: { id: string }[] } }>(
      'mutation ($id: UUID!) { createTaskRuns(input: [{ flowRunId: $id }]) { taskRuns { id } } }',
      { id: third },
    );
    await gateway.services.database.writer.query('UPDATE flow_run SET parent_task_run_id = ? WHERE id = ?', [
      answer.createTaskRuns.taskRuns[0]?.id,
      first,
    ]);
    const id = await gateway.start(cancelBelow('round'));
    expect(await gateway.ended(id)).toMatchObject({ counts: { matched: 3, accepted: 3 } });
    expect((await gateway.items(id)).map(({ flowRunId }) => flowRunId)).toEqual([third, second, first]);
  });

  test('are counted by the guards as they are selected', async () => {
    const top = await run('RUNNING', null, 'guarded');
    for (let number = 0; number < 5; number++) await run('RUNNING', top, `child ${number}`);
    await run('COMPLETED', top, 'finished');
    expect(
      await gateway.call('startBulkOperation', {
        input: ['BulkOperationInput!', { reason: 'a test', ...cancelBelow('guarded', { expectedCount: 1 }) }],
      }),
    ).toMatchObject({ code: 'UNEXPECTED_COUNT', matched: 6 });
    const id = await gateway.start(cancelBelow('guarded', { expectedCount: 6 }));
    expect(await gateway.ended(id)).toMatchObject({ status: 'COMPLETED', counts: { matched: 6 } });
    const { database: opened } = gateway.services;
    const filter = compileFlowRunFilter({ tags: { any: ['guarded'] } }, opened.dialect);
    // All of them have ended now: only the run that matches by itself is left.
    expect(await countWithSubflows(opened, filter)).toBe(1);
  });

  test('are left alone where the run above them stopped matching, or they have ended meanwhile', async () => {
    const top = await run('RUNNING', null, 'above');
    const child = await run('RUNNING', top, 'child');
    const other = await run('RUNNING', top, 'other');
    const id = await gateway.start({
      ...cancelBelow('above'),
      flowRuns: { tags: { any: ['above'] }, state: { type: { any: ['RUNNING'] } } },
      canary: 1,
    });
    await gateway.becomes(id, 'PAUSED');
    await gateway.ask(
      'mutation ($id: UUID!) { setFlowRunState(input: { flowRunId: $id, state: { type: COMPLETED } }) { status } }',
      { id: top },
    );
    await gateway.call('resumeBulkOperation', { id: ['UUID!', id] });
    expect(await gateway.ended(id)).toMatchObject({
      status: 'COMPLETED',
      counts: { accepted: 1, skipped: 2 },
    });
    expect(await gateway.items(id)).toMatchObject([
      { flowRunId: other, status: 'ACCEPT' },
      { flowRunId: child, status: 'SKIPPED', code: 'NO_LONGER_MATCHES' },
      { flowRunId: top, status: 'SKIPPED', code: 'NO_LONGER_MATCHES' },
    ]);
  });
});
