import type { FlowRunId } from '../../../src/domain/identifiers';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { insertRows } from '../../../src/persistence/connection/statements';
import { flowRunTagColumns } from '../../../src/persistence/entities/flowRun';
import { compileFlowRunFilter } from '../../../src/persistence/filter/compile';
import { forNewestFirst } from '../../../src/persistence/filter/newestFirst';
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
      await insertRows(runner, 'flow_run_tag', flowRunTagColumns, tag('most', 4999, 0));
      await insertRows(runner, 'flow_run_tag', flowRunTagColumns, tag('one', 1, 5000));
    });
  });
  afterAll(() => opened.close());

  test.each([
    ['all at once where they are few', ['most'], 'at once'],
    ['one after the other where they are many', ['most', 'one'], 'run by run'],
    ['all at once where there are none', ['none'], 'at once'],
  ])('are found %s', async (_what, any, form) => {
    const filter = compileFlowRunFilter({ tags: { any } }, opened.dialect);

    const chosen = await forNewestFirst(opened.reader, opened.reader, filter);

    expect(chosen).toBe(form === 'at once' ? filter : filter?.tagged?.runByRun);
  });

  test('are found as they are asked for where no tags are', async () => {
    const filter = compileFlowRunFilter({ name: { any: ['a'] } }, opened.dialect);

    expect(await forNewestFirst(opened.reader, opened.reader, filter)).toBe(filter);
    expect(await forNewestFirst(opened.reader, opened.reader, null)).toBeNull();
  });
});
