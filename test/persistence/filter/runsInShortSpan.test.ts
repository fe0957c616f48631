import type { FlowRunFilter } from '../../../src/domain/flowRunFilter';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { selectRows } from '../../../src/persistence/connection/statements';
import { runsInShortSpan } from '../../../src/persistence/filter/runsInShortSpan';
import { describeOnEveryDatabase } from '../../harness/databases';
import { at, idOf, putIn, sampleRun } from '../sampleRuns';

describeOnEveryDatabase('the runs of a time span', database => {
  let opened: Database;
  beforeAll(async () => {
    opened = await openDatabase({ url: database.url });
    await opened.migrate();
    await putIn(
      opened,
      [1, 2, 3, 4].map(number => sampleRun(number, { startTime: at(number), endTime: at(number + 1) })),
    );
  });
  afterAll(() => opened.close());

  /** The ids, sorted; null where no query is made of them. */
  async function idsIn(filter: FlowRunFilter | readonly FlowRunFilter[] | null, maxRuns = 4) {
    const { reader } = opened;
    const query = await runsInShortSpan(reader, reader, filter, maxRuns);
    return query && (await selectRows(reader, query)).map(({ id }) => String(id)).sort();
  }

  test.each<[string, FlowRunFilter | readonly FlowRunFilter[], readonly number[]]>([
    ['up to an instant', { startTime: { before: at(2) } }, [1, 2]],
    ['between two instants', { startTime: { after: at(2), before: at(3) } }, [2, 3]],
    ['of another time of the runs', { endTime: { before: at(2) } }, [1]],
    ['of one among several filters', [{ name: { any: [] } }, { endTime: { before: at(3) } }], [1, 2]],
    ['that has none', { startTime: { before: at(0) } }, []],
  ])('are found where they are few: %s', async (_what, filter, expected) => {
    expect(await idsIn(filter)).toEqual(expected.map(number => idOf(number)));
  });

  test.each<[string, FlowRunFilter | null]>([
    ['they are many', { startTime: { before: at(4) } }],
    ['the span has no end: the newest runs are in it', { startTime: { after: at(2) } }],
    ['runs beside the span match too', { operator: 'OR', startTime: { before: at(2) } }],
    ['no time is asked for', { startTime: { isNull: true } }],
    ['there is no filter', null],
  ])('are not looked up first where %s', async (_what, filter) => {
    expect(await idsIn(filter)).toBeNull();
  });
});
