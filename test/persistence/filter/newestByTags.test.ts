import type { FlowRunFilter } from '../../../src/domain/flowRunFilter';
import type { FlowRunId } from '../../../src/domain/identifiers';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { insertRows } from '../../../src/persistence/connection/hotInsertRows';
import { FlowRunTagEntity } from '../../../src/persistence/entities/flowRun';
import { leadingTag, tagLookupForNewest } from '../../../src/persistence/filter/newestByTags';
import { describeOnEveryDatabase } from '../../harness/databases';
import { idOf } from '../sampleRuns';

describeOnEveryDatabase('the newest runs by tags', database => {
  let opened: Database;
  beforeAll(async () => {
    opened = await openDatabase({ url: database.url });
    await opened.migrate();
    const tag = (name: string, runs: number, from: number) =>
      Array.from({ length: runs }, (_, place) => ({ flowRunId: idOf<FlowRunId>(from + place), tag: name }));
    await opened.transaction(async runner => {
      await insertRows(runner, FlowRunTagEntity, tag('most', 4999, 0));
      await insertRows(runner, FlowRunTagEntity, tag('one', 1, 5000));
    });
  });
  afterAll(() => opened.close());

  test.each([
    ['all at once where they are few', ['most'], 'allAtOnce'],
    ['one after the other where they are many', ['most', 'one'], 'runByRun'],
    ['all at once where there are none', ['none'], 'allAtOnce'],
  ])('are found %s', async (_what, any, lookup) => {
    expect(await tagLookupForNewest(opened.reader, opened.reader, { tags: { any } })).toBe(lookup);
  });

  test('are found without a tag in the filter as well', async () => {
    const lookup = (filter: FlowRunFilter | null) => tagLookupForNewest(opened.reader, opened.reader, filter);

    expect(await lookup({ name: { any: ['a'] } })).toBe('allAtOnce');
    expect(await lookup(null)).toBe('allAtOnce');
  });
});

describe('the tag that leads to the newest runs', () => {
  test.each<[string, FlowRunFilter | null, string | null]>([
    ['is the first of those that a run must have', { tags: { all: ['a', 'b'] } }, 'a'],
    ['is found whatever else is asked of tags', { tags: { all: ['a'], any: ['b'], isNull: false } }, 'a'],
    ['is found where nothing else is asked', { operator: 'OR', id: undefined, tags: { all: ['a'] } }, 'a'],
    ['is not one of those that a run may lack', { tags: { any: ['a', 'b'] } }, null],
    ['is none where another condition may do', { tags: { operator: 'OR', all: ['a'], any: ['b'] } }, null],
    ['is none where other indexes may be better', { tags: { all: ['a'] }, name: { any: ['b'] } }, null],
    ['is none without tags', { tags: { all: [] } }, null],
    ['is none without a filter', null, null],
  ])('%s', (_what, filter, tag) => {
    expect(leadingTag(filter)).toBe(tag);
  });
});
