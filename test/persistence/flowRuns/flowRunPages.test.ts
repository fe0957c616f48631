import * as fc from 'fast-check';
import type { FlowRun, FlowRunSort } from '../../../src/domain/flowRun';
import type { FlowRunId } from '../../../src/domain/identifiers';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { FlowRunEntity, FlowRunTagEntity } from '../../../src/persistence/entities/flowRun';
import {
  type CursorKey,
  countFlowRunStates,
  findFlowRunPage,
} from '../../../src/persistence/flowRuns/flowRunPages';
import { deleteFlowRuns } from '../../../src/persistence/flowRuns/flowRuns';
import { describeOnEveryDatabase } from '../../harness/databases';
import { manyRuns } from '../filter/arbitraries';
import { at, idOf, putIn, sampleRun } from '../sampleRuns';

type Key = (run: FlowRun) => string | null;
const startTime: Key = run => run.startTime ?? run.expectedStartTime;

/** What each sort goes by, and which way. */
const sorts: Record<FlowRunSort, [key: Key, direction: 'ASC' | 'DESC']> = {
  ID_DESC: [run => run.id, 'DESC'],
  START_TIME_ASC: [startTime, 'ASC'],
  START_TIME_DESC: [startTime, 'DESC'],
  EXPECTED_START_TIME_ASC: [run => run.expectedStartTime, 'ASC'],
  EXPECTED_START_TIME_DESC: [run => run.expectedStartTime, 'DESC'],
  NAME_ASC: [run => run.name, 'ASC'],
  NAME_DESC: [run => run.name, 'DESC'],
  NEXT_SCHEDULED_START_TIME_ASC: [run => run.nextScheduledStartTime, 'ASC'],
  END_TIME_DESC: [run => run.endTime, 'DESC'],
};
const sortNames = Object.keys(sorts) as FlowRunSort[];

// The bytes of UTF-8 are in the order of code points; the halves in which JavaScript compares texts are not.
const byCodePoint = (one: string, other: string): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(other));

/** Null is greater than every value; ties go newest first. */
function inOrder(runs: readonly FlowRun[], sort: FlowRunSort): FlowRunId[] {
  const [key, direction] = sorts[sort];
  const compare = (one: string | null, other: string | null): number => {
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    return byCodePoint(one, other);
  };
  return [...runs]
    .sort((one, other) => {
      const order = compare(key(one), key(other));
      return (direction === 'ASC' ? order : -order) || byCodePoint(other.id, one.id);
    })
    .map(({ id }) => id);
}

describeOnEveryDatabase('pages of runs', database => {
  let opened: Database;
  beforeAll(async () => {
    opened = await openDatabase({ url: database.url });
    await opened.migrate();
  });
  beforeEach(() => empty());
  afterAll(() => opened.close());

  const empty = () =>
    opened.transaction(async runner => {
      await runner.getRepository(FlowRunTagEntity).deleteAll();
      await runner.getRepository(FlowRunEntity).deleteAll();
    });
  const page = (sort: FlowRunSort, limit: number, after: CursorKey | null = null) =>
    findFlowRunPage(opened.reader.manager, { filter: null, sort, limit, after });
  const idsOf = (rows: readonly { flowRun: FlowRun }[]): FlowRunId[] => rows.map(({ flowRun }) => flowRun.id);

  /** All runs, page by page; between pages something may happen. */
  async function walk(
    sort: FlowRunSort,
    limit: number,
    between: (seen: readonly FlowRunId[]) => Promise<unknown> = async () => {},
  ): Promise<FlowRunId[]> {
    const seen: FlowRunId[] = [];
    let after: CursorKey | null = null;
    for (;;) {
      const rows: Awaited<ReturnType<typeof page>> = await page(sort, limit, after);
      seen.push(...idsOf(rows));
      const last = rows[rows.length - 1];
      if (rows.length < limit || last === undefined) return seen;
      after = last.cursorKey;
      await between(seen);
    }
  }

  test('come in the order of every sort, by cursor and by offset', async () => {
    await fc.assert(
      fc.asyncProperty(manyRuns, fc.integer({ min: 1, max: 7 }), fc.nat(30), async (runs, limit, offset) => {
        await empty();
        await putIn(opened, runs);
        for (const sort of sortNames) {
          const expected = inOrder(runs, sort);
          expect([sort, await walk(sort, limit)]).toEqual([sort, expected]);
          const skipping = await findFlowRunPage(opened.reader.manager, {
            filter: null,
            sort,
            limit,
            offset,
          });
          expect([sort, idsOf(skipping)]).toEqual([sort, expected.slice(offset, offset + limit)]);
        }
      }),
      { numRuns: 12 },
    );
  }, 120_000);

  test.each<[FlowRunSort, number[]]>([
    ['START_TIME_ASC', [2, 4, 3, 5, 1]],
    ['START_TIME_DESC', [5, 1, 4, 3, 2]],
    ['END_TIME_DESC', [5, 4, 3, 2, 1]],
  ])('%s: nulls last or first, ties newest first, to the microsecond', async (sort, expected) => {
    await putIn(opened, [
      sampleRun(1),
      sampleRun(2, { startTime: at(1) }),
      sampleRun(3, { startTime: at(2) }),
      sampleRun(4, { expectedStartTime: at(2) }),
      sampleRun(5),
    ]);

    expect(await walk(sort, 2)).toEqual(expected.map(number => idOf(number)));
  });

  test.each(sortNames)(
    '%s: runs that are created or deleted meanwhile neither hide nor repeat another',
    async sort => {
      const made = (number: number): FlowRun => {
        const time = number % 4 === 0 ? null : at(number % 5);
        const times = {
          startTime: time,
          endTime: time,
          expectedStartTime: time,
          nextScheduledStartTime: time,
        };
        return sampleRun(number, { name: `run ${number % 5}`, ...times });
      };
      const staying = Array.from({ length: 20 }, (_, place) => made(place * 3 + 1));
      const going = Array.from({ length: 20 }, (_, place) => made(place * 3 + 2));
      const coming = Array.from({ length: 20 }, (_, place) => made(place * 3 + 3));
      await putIn(opened, [...staying, ...going]);
      const places = new Map(
        inOrder([...staying, ...going, ...coming], sort).map((id, place) => [id, place]),
      );

      const seen = await walk(sort, 3, async met => {
        // The run just behind which the next page begins is gone, too.
        await deleteFlowRuns(opened, [...met.slice(-1), ...going.splice(0, 4).map(({ id }) => id)], null);
        await putIn(opened, coming.splice(0, 3));
      });

      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(expect.arrayContaining(staying.map(({ id }) => id)));
      const order = seen.map(id => places.get(id) ?? -1);
      expect(order).toEqual([...order].sort((one, other) => one - other));
    },
  );

  test('apply a filter on every page', async () => {
    const runs = Array.from({ length: 30 }, (_, place) =>
      sampleRun(place + 1, {
        tags: place % 3 === 0 ? ['mine'] : [],
        startTime: place % 2 ? at(place % 4) : null,
      }),
    );
    await putIn(opened, runs);
    const filter = { tags: { any: ['mine'] } };
    const mine = inOrder(
      runs.filter(run => run.tags.length > 0),
      'START_TIME_DESC',
    );

    const request = { filter, sort: 'START_TIME_DESC', limit: 4 } as const;
    const first = await findFlowRunPage(opened.reader.manager, request);
    const second = await findFlowRunPage(opened.reader.manager, { ...request, after: first[3]?.cursorKey });

    expect(idsOf(first)).toEqual(mine.slice(0, 4));
    expect(idsOf(second)).toEqual(mine.slice(4, 8));
  });

  test('of several tags contain the runs that have all of them, newest first, with a cursor and an offset', async () => {
    const runs = Array.from({ length: 60 }, (_, place) =>
      sampleRun(place + 1, {
        tags: ['a', 'b', 'c'].filter((_tag, index) => place % (index + 2) === 0),
      }),
    );
    await putIn(opened, runs);
    const filter = { tags: { all: ['a', 'b'] } };
    const both = inOrder(
      runs.filter(({ tags }) => tags.includes('a') && tags.includes('b')),
      'ID_DESC',
    );

    const request = { filter, sort: 'ID_DESC', limit: 4 } as const;
    const first = await findFlowRunPage(opened.reader.manager, request);
    const second = await findFlowRunPage(opened.reader.manager, { ...request, after: first[3]?.cursorKey });
    const skipped = await findFlowRunPage(opened.reader.manager, { ...request, offset: 5 });

    expect(idsOf(first)).toEqual(both.slice(0, 4));
    expect(idsOf(second)).toEqual(both.slice(4, 8));
    expect(idsOf(skipped)).toEqual(both.slice(5, 9));
    expect(both).toHaveLength(10);
  });

  test('return runs as they were written', async () => {
    const run = sampleRun(1, {
      name: 'Ünï 😀 ',
      tags: ['b', 'a', 'b'],
      startTime: at(123_456),
      createdBy: { id: null, type: '', displayValue: null },
      stateType: 'RUNNING',
    });
    await putIn(opened, [run]);

    expect((await page('ID_DESC', 1))[0]?.flowRun).toEqual(run);
  });

  test('runs are counted by the type of their state', async () => {
    await putIn(opened, [
      sampleRun(1, { stateType: 'RUNNING', tags: ['mine'] }),
      sampleRun(2, { stateType: 'RUNNING' }),
      sampleRun(3, { stateType: 'FAILED', tags: ['mine'] }),
      sampleRun(4),
    ]);
    const mine = { tags: { any: ['mine'] } };

    expect(await countFlowRunStates(opened.reader.manager, null)).toEqual([
      { stateType: null, count: 1 },
      { stateType: 'FAILED', count: 1 },
      { stateType: 'RUNNING', count: 2 },
    ]);
    expect(await countFlowRunStates(opened.reader.manager, mine)).toEqual([
      { stateType: 'FAILED', count: 1 },
      { stateType: 'RUNNING', count: 1 },
    ]);
  });
});
