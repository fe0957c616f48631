import type { StateId } from '../../../src/domain/identifiers';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { insertRows } from '../../../src/persistence/connection/hotInsertRows';
import { FlowRunEntity, FlowRunTagEntity } from '../../../src/persistence/entities/flowRun';
import { FlowRunStateEntity, flowRunStateColumnsOf } from '../../../src/persistence/entities/state';
import {
  countStateMessages,
  countTags,
  countWorkQueueNames,
} from '../../../src/persistence/flowRuns/valuesInUse';
import { describeOnEveryDatabase } from '../../harness/databases';
import { at, idOf, putIn, sampleRun } from '../sampleRuns';

describeOnEveryDatabase('values in use', database => {
  let opened: Database;
  beforeAll(async () => {
    opened = await openDatabase({ url: database.url });
    await opened.migrate();
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    await opened.writer.getRepository(FlowRunEntity).deleteAll();
    await opened.writer.getRepository(FlowRunTagEntity).deleteAll();
    await opened.writer.getRepository(FlowRunStateEntity).deleteAll();
  });

  const pairs = (counts: { value: string; count: number }[]) =>
    counts.map(({ value, count }) => [value, count]);
  const values = (counts: { value: string }[]) => counts.map(({ value }) => value);

  test('are tags, most used first and then by value, compared exactly', async () => {
    const tags = [['a', 'A'], ['a', 'á'], ['a ', 'á'], ['a'], [], ['a', 'a']];
    await putIn(
      opened,
      tags.map((some, place) => sampleRun(place + 1, { tags: some })),
    );
    const { manager } = opened.reader;

    expect(pairs(await countTags(manager, '', 10))).toEqual([
      ['a', 4],
      ['á', 2],
      ['A', 1],
      ['a ', 1],
    ]);
    expect(pairs(await countTags(manager, '', 2))).toEqual([
      ['a', 4],
      ['á', 2],
    ]);
  });

  test.each([
    ['A', ['a', 'A', 'a%']],
    ['%', ['a%', '_%']],
    ['_', ['_%']],
    ['É', ['É', 'é']],
    ['i̇', ['İ']],
    ['😀', ['😀!']],
    ['nothing', []],
  ])('contain %j in whatever case, with wildcards as plain text', async (like, expected) => {
    const all = ['a', 'A', 'a%', '_%', 'É', 'é', 'İ', '😀!'];
    await putIn(
      opened,
      all.map((text, place) => sampleRun(place + 1, { tags: [text], workQueueName: text })),
    );

    for (const count of [countTags, countWorkQueueNames]) {
      expect(values(await count(opened.reader.manager, like, 50)).sort()).toEqual([...expected].sort());
      expect(values(await count(opened.reader.manager, like, 1))).toHaveLength(Math.min(1, expected.length));
    }
  });

  test('are names of work queues; runs without one do not count', async () => {
    await putIn(
      opened,
      ['gpu', null, 'cpu', 'gpu', null, ''].map((workQueueName, place) =>
        sampleRun(place + 1, { workQueueName }),
      ),
    );
    expect(pairs(await countWorkQueueNames(opened.reader.manager, '', 10))).toEqual([
      ['gpu', 2],
      ['', 1],
      ['cpu', 1],
    ]);
  });

  test('are messages of the current states of matching runs', async () => {
    const messages = ['lost', 'Lost', null, 'lost', '', 'é', `${'x'.repeat(1000)}1`, `${'x'.repeat(1000)}2`];
    await opened.transaction(runner => {
      const states = messages.map((message, place) => {
        const id = idOf<StateId>(place + 1);
        const state = { id, type: 'FAILED', name: 'Failed', timestamp: at(place), message } as const;
        return { ...state, data: null, stateDetails: {} };
      });
      const old = { ...states[0], id: idOf<StateId>(100), message: 'earlier', timestamp: at(99) };
      return insertRows(
        runner,
        FlowRunStateEntity,
        [...states, old].map(state => ({
          ...state,
          ...flowRunStateColumnsOf(state as never, idOf(1)),
        })) as never,
      );
    });
    await putIn(opened, [
      ...messages.map((_message, place) =>
        sampleRun(place + 1, { stateId: idOf<StateId>(place + 1), tags: place < 3 ? ['few'] : [] }),
      ),
      sampleRun(50),
    ]);
    const { manager } = opened.reader;

    expect(pairs(await countStateMessages(manager, null, 10))).toEqual([
      ['lost', 2],
      ['x'.repeat(1000), 2],
      ['', 1],
      ['Lost', 1],
      ['é', 1],
    ]);
    expect(values(await countStateMessages(manager, { tags: { any: ['few'] } }, 10))).toEqual([
      'Lost',
      'lost',
    ]);
    expect(values(await countStateMessages(manager, { state: { message: { like: 'LOST' } } }, 1))).toEqual([
      'lost',
    ]);
  });
});
