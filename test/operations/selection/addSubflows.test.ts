import {
  type Arbitrary,
  array,
  assert,
  asyncProperty,
  boolean,
  constantFrom,
  nat,
  option,
  record,
} from 'fast-check';
import { In, type ObjectLiteral } from 'typeorm';
import type { FlowRunId } from '../../../src/domain/identifiers';
import { operationSettingsOf } from '../../../src/operations/settings';
import { startWorker, type Worker } from '../../../src/operations/worker/worker';
import type { SqlExecutor } from '../../../src/persistence/connection/statements';
import { FlowRunEntity } from '../../../src/persistence/entities/flowRun';
import { countWithSubflows } from '../../../src/persistence/operations/selection';
import { describeOnEveryDatabase } from '../../harness/databases';
import { type OperationGateway, startOperationGateway } from '../harness';

/** A run of a forest: its parent is another one, or itself, by number. */
const someNode = record({
  parent: option(nat(8)),
  type: constantFrom('RUNNING', 'SCHEDULED', 'COMPLETED'),
  isMatch: boolean(),
});
type Node = typeof someNode extends Arbitrary<infer Value> ? Value : never;

/** Makes a run a subflow of a task run. */
function putBelow(connection: Pick<SqlExecutor, 'getRepository'>, id = '', parentTaskRunId = '') {
  // TypeORM's type of what is written goes into JSON, which has no end.
  const place: object = { parentTaskRunId };
  const runs = connection.getRepository(FlowRunEntity).createQueryBuilder();
  return runs.update().set(place).where({ id }).execute();
}

/** Makes each run a subflow of the task run at its place, in one statement. */
function putAllBelow(
  connection: Pick<SqlExecutor, 'getRepository'>,
  ids: readonly string[],
  taskRuns: readonly string[],
) {
  const runs = connection.getRepository(FlowRunEntity).createQueryBuilder();
  const cases = ids.map((_, index) => `WHEN :id${index} THEN :taskRun${index}`);
  const place: object = { parentTaskRunId: () => `CASE id ${cases.join(' ')} END` };
  const parameters = ids.flatMap((id, index) => [
    [`id${index}`, id],
    [`taskRun${index}`, taskRuns[index]],
  ]);
  return runs
    .update()
    .set(place)
    .where({ id: In(ids) })
    .setParameters(Object.fromEntries(parameters) as ObjectLiteral)
    .execute();
}

describeOnEveryDatabase('subflows of a bulk operation', database => {
  let gateway: OperationGateway;

  let other: Worker;

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url, { OPERATION_BATCH_SIZE: '2' });
    other = startWorker(
      gateway.services,
      operationSettingsOf({
        operationBatchSize: 2,
        operationPlanSeconds: 900,
        operationRetryWaitSeconds: 3600,
      }),
    );
  });
  afterAll(async () => {
    await other.stop();
    await gateway.close();
  });
  beforeEach(() => gateway.clear());

  async function run(state: string, parent: string | null, name: string): Promise<string> {
    let parentTaskRunId: string | null = null;
    if (parent !== null) {
      const answer = await gateway.ask<{ createTaskRuns: { taskRuns: { id: string }[] } }>(
        'mutation ($id: ID!) { createTaskRuns(input: [{ flowRunId: $id }]) { taskRuns { id } } }',
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

  test('are moved at any depth, deepest first, if unfinished', async () => {
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
      'query ($id: ID!) { flowRun(id: $id) { stateType } }',
      { id: apart },
    );
    expect(states.flowRun.stateType).toBe('RUNNING');
  });

  test('are one item each, at their greatest depth, when they are reached twice', async () => {
    const top = await run('RUNNING', null, 'both');
    const middle = await run('RUNNING', top, 'both');
    const bottom = await run('RUNNING', middle, 'bottom');
    const id = await gateway.start(cancelBelow('both'));
    await gateway.ended(id);
    expect((await gateway.items(id)).map(({ flowRunId }) => flowRunId)).toEqual([bottom, middle, top]);
  });

  test('are moved although finished if they match themselves', async () => {
    const top = await run('FAILED', null, 'failed');
    const child = await run('FAILED', top, 'failed');
    const id = await gateway.start({ ...cancelBelow('failed'), state: { type: 'CANCELLED' } });
    expect(await gateway.ended(id)).toMatchObject({ counts: { matched: 2, accepted: 2 } });
    expect((await gateway.items(id)).map(({ flowRunId }) => flowRunId)).toEqual([child, top]);
  });

  test('in a cycle end the search', async () => {
    const first = await run('RUNNING', null, 'round');
    const second = await run('RUNNING', first, 'second');
    const third = await run('RUNNING', second, 'third');
    const answer = await gateway.ask<{ createTaskRuns: { taskRuns: { id: string }[] } }>(
      'mutation ($id: ID!) { createTaskRuns(input: [{ flowRunId: $id }]) { taskRuns { id } } }',
      { id: third },
    );
    await putBelow(gateway.services.database.writer, first, answer.createTaskRuns.taskRuns[0]?.id);
    const id = await gateway.start(cancelBelow('round'));
    expect(await gateway.ended(id)).toMatchObject({ counts: { matched: 3, accepted: 3 } });
    expect((await gateway.items(id)).map(({ flowRunId }) => flowRunId)).toEqual([third, second, first]);
  });

  test('are counted at any depth', async () => {
    const { database: store } = gateway.services;
    const runs: string[] = [];
    const taskRuns: string[] = [];
    for (const count of [900, 200]) {
      const made = await gateway.createRuns(count, { type: 'RUNNING' });
      runs.push(...made);
      const { createTaskRuns } = await gateway.ask<{ createTaskRuns: { taskRuns: { id: string }[] } }>(
        'mutation ($input: [CreateTaskRunInput!]!) { createTaskRuns(input: $input) { taskRuns { id } } }',
        { input: made.map(flowRunId => ({ flowRunId })) },
      );
      taskRuns.push(...createTaskRuns.taskRuns.map(({ id }) => id));
    }
    const [top, ...below] = runs;
    await putAllBelow(store.writer, below, taskRuns);
    const filter = { id: { any: [top as FlowRunId] } };
    expect(await countWithSubflows(store.primary.manager, filter)).toBe(1100);
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
    const filter = { tags: { any: ['guarded'] } };
    // All of them have ended now: only the run that matches by itself is left.
    expect(await countWithSubflows(opened.primary.manager, filter)).toBe(1);
  });

  /** Creates runs with states, tags and parents among themselves, cycles included; returns their ids. */
  async function makeForest(nodes: readonly Node[]): Promise<string[]> {
    await gateway.clear();
    const ids: string[] = [];
    for (const { type, isMatch } of nodes)
      ids.push(...(await gateway.createRuns(1, { type }, { tags: isMatch ? ['forest'] : [] })));
    const children = nodes.flatMap(({ parent }, index) =>
      parent === null ? [] : [{ child: ids[index], parent: ids[parent % nodes.length] }],
    );
    if (children.length === 0) return ids;
    const made = await gateway.ask<{ createTaskRuns: { taskRuns: { id: string }[] } }>(
      'mutation ($input: [CreateTaskRunInput!]!) { createTaskRuns(input: $input) { taskRuns { id } } }',
      { input: children.map(({ parent }) => ({ flowRunId: parent })) },
    );
    for (const [index, { child }] of children.entries())
      await putBelow(gateway.services.database.writer, child, made.createTaskRuns.taskRuns[index]?.id);
    return ids;
  }

  /** The runs above one, nearest first; a cycle ends with the run itself. */
  function above(nodes: readonly Node[], index: number): number[] {
    const found: number[] = [];
    for (let at = index; ; ) {
      const parent = nodes[at]?.parent ?? null;
      if (parent === null) return found;
      at = parent % nodes.length;
      if (found.includes(at)) return found;
      found.push(at);
    }
  }

  test('are each selected once, deepest first, if they match or are unfinished below a match, in any forest', async () => {
    await assert(
      asyncProperty(array(someNode, { minLength: 1, maxLength: 9 }), async nodes => {
        const ids = await makeForest(nodes);
        const matches = (index: number) => nodes[index]?.isMatch === true;
        const expected = nodes
          .map((_, index) => index)
          .filter(
            index =>
              matches(index) || (nodes[index]?.type !== 'COMPLETED' && above(nodes, index).some(matches)),
          );
        const { services } = gateway;
        const filter = { tags: { any: ['forest'] } };
        expect(await countWithSubflows(services.database.primary.manager, filter)).toBe(expected.length);

        const id = await gateway.start(cancelBelow('forest'));
        expect(await gateway.ended(id)).toMatchObject({
          status: 'COMPLETED',
          counts: { matched: expected.length, accepted: expected.length },
        });
        const items = await gateway.items(id);
        const found = items.map(({ flowRunId }) => ids.indexOf(flowRunId));
        expect(found.sort((one, another) => one - another)).toEqual(expected);
        const isRound = nodes.some((_, index) => above(nodes, index).includes(index));
        if (isRound) return;
        const depth = (index: number) => above(nodes, index).findLastIndex(matches) + 1;
        const deepestFirst = [...expected].sort(
          (one, another) => depth(another) - depth(one) || another - one,
        );
        expect(items.map(({ flowRunId }) => flowRunId)).toEqual(deepestFirst.map(index => ids[index]));
        const decided = items
          .map(item => ({ position: item.position ?? 0, depth: depth(ids.indexOf(item.flowRunId)) }))
          .sort((one, another) => one.position - another.position)
          .map(item => item.depth);
        expect(decided).toEqual([...decided].sort((one, another) => another - one));
      }),
      { numRuns: database.kind === 'embedded' ? 20 : 6 },
    );
  }, 120_000);

  test.each([
    ['the topmost of the matching runs above them', ['top'], 'ACCEPT'],
    ['the nearest of the matching runs above them', ['middle'], 'ACCEPT'],
    ['every matching run above them', ['top', 'middle'], 'SKIPPED'],
  ])(
    'after %s stopped matching, they are moved as long as another matches',
    async (_which, stopped, status) => {
      const top = await run('RUNNING', null, 'nested');
      const middle = await run('RUNNING', await run('PENDING', top, 'between'), 'nested');
      const ids: Record<string, string> = { top, middle };
      const later = await run('PENDING', middle, 'later');
      const first = await run('PENDING', middle, 'first');
      const id = await gateway.start({
        ...cancelBelow('nested'),
        flowRuns: { tags: { any: ['nested'] }, state: { type: { any: ['RUNNING'] } } },
        canary: 1,
      });
      await gateway.becomes(id, 'PAUSED');
      for (const name of stopped)
        await gateway.ask(
          'mutation ($id: ID!) { setFlowRunState(input: { flowRunId: $id, state: { type: COMPLETED } }) { status } }',
          { id: ids[name] },
        );
      await gateway.call('resumeBulkOperation', { id: ['ID!', id] });
      expect(await gateway.ended(id)).toMatchObject({ counts: { matched: 5 } });
      const [one, another] = await gateway.items(id);
      expect(one).toMatchObject({ flowRunId: first, status: 'ACCEPT' });
      expect(another).toMatchObject({ flowRunId: later, status });
    },
  );

  test('are skipped if the run above them stopped matching, or if they have ended', async () => {
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
      'mutation ($id: ID!) { setFlowRunState(input: { flowRunId: $id, state: { type: COMPLETED } }) { status } }',
      { id: top },
    );
    await gateway.call('resumeBulkOperation', { id: ['ID!', id] });
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
