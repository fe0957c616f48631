import * as fc from 'fast-check';
import type { FlowRun } from '../../../src/domain/flowRun';
import {
  addMicroseconds,
  type Instant,
  microsecondsBetween,
  parseInstant,
} from '../../../src/domain/instant';
import type { StateType } from '../../../src/domain/state';
import { findFlowRunHistory, type HistoryBucket } from '../../../src/flowRuns/flowRunHistory';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { FlowRunEntity } from '../../../src/persistence/entities/flowRun';
import type { Services } from '../../../src/transitions/services';
import { describeOnEveryDatabase } from '../../harness/databases';
import { idOf, putIn, sampleRun } from '../sampleRuns';

const origin = parseInstant('2026-03-29T00:59:59.999990Z');
const stateTypes = [null, 'FAILED', 'RUNNING'] as const;

/** The history as it follows from the edges of its buckets. */
const expectedCounts = (runs: readonly FlowRun[], { from, to }: HistoryBucket) =>
  stateTypes
    .map(stateType => ({
      stateType,
      count: runs.filter(run => {
        const started = run.startTime ?? run.expectedStartTime;
        return run.stateType === stateType && started !== null && started >= from && started < to;
      }).length,
    }))
    .filter(({ count }) => count > 0);

describeOnEveryDatabase('the history of runs', database => {
  let opened: Database;
  let services: Services;
  beforeAll(async () => {
    opened = await openDatabase({ url: database.url });
    await opened.migrate();
    services = { database: opened } as Services;
  });
  afterAll(() => opened.close());

  const empty = () => opened.writer.getRepository(FlowRunEntity).deleteAll();

  test('counts each run in the bucket that holds its start time, to the microsecond', async () => {
    const offsets = fc.integer({ min: -3, max: 40 });
    const instants = offsets.map((offset): Instant => addMicroseconds(origin, offset));
    const or = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { freq: 3 });
    const manyRuns = fc
      .array(
        fc.record({
          startTime: or(instants),
          expectedStartTime: or(instants),
          stateType: fc.constantFrom<StateType | null>(...stateTypes),
          name: fc.constantFrom('a', 'b'),
        }),
        { maxLength: 40 },
      )
      .map(runs => runs.map((run, place) => sampleRun(place + 1, run)));
    const spans = fc.record({
      start: offsets,
      length: fc.integer({ min: 1, max: 40 }),
      buckets: fc.integer({ min: 1, max: 60 }),
    });
    await fc.assert(
      fc.asyncProperty(manyRuns, fc.array(spans, { minLength: 5, maxLength: 5 }), async (runs, asked) => {
        await empty();
        await putIn(opened, runs);
        for (const { start, length, buckets } of asked) {
          const from = addMicroseconds(origin, start);
          const to = addMicroseconds(from, length);
          const filter = { name: { any: ['a'] } };
          const history = await findFlowRunHistory(services, filter, { from, to, buckets });

          expect(history.map(bucket => bucket.from)).toEqual([
            from,
            ...history.slice(0, -1).map(bucket => bucket.to),
          ]);
          expect([history.length, history.at(-1)?.to]).toEqual([buckets, to]);
          const lengths = history.map(bucket => Number(microsecondsBetween(bucket.from, bucket.to)));
          expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThan(2);
          const counted = runs.filter(({ name }) => name === 'a');
          for (const bucket of history) expect(bucket.counts).toEqual(expectedCounts(counted, bucket));
        }
      }),
      { numRuns: 15 },
    );
  }, 120_000);

  test('is exact over decades, and before 1970', async () => {
    await empty();
    const edge = parseInstant('2000-01-01T00:00:00Z');
    const from = parseInstant('1930-01-01T00:00:00Z');
    const to = addMicroseconds(edge, Number(microsecondsBetween(from, edge)) / 4);
    const started = [edge, addMicroseconds(edge, -1), from, to, addMicroseconds(to, -1)];
    await putIn(
      opened,
      started.map((startTime, place) => sampleRun(place + 1, { startTime })),
    );

    const history = await findFlowRunHistory(services, null, { from, to, buckets: 500 });
    const filled = history.flatMap(({ counts }, bucket) => counts.map(({ count }) => [bucket, count]));
    expect(filled).toEqual([
      [0, 1],
      [399, 1],
      [400, 1],
      [499, 1],
    ]);
    expect(history[400]?.from).toBe(edge);
  });

  test('rejects a span that is empty, reversed or longer than 100 years', async () => {
    const ask = (from: string, to: string) =>
      findFlowRunHistory(services, null, { from: parseInstant(from), to: parseInstant(to), buckets: 1 });
    const day = '2026-01-01T00:00:00Z';
    const empty = { code: 'BAD_USER_INPUT', issues: [{ path: ['to'], message: 'must be after `from`' }] };

    await expect(ask(day, day)).rejects.toMatchObject(empty);
    await expect(ask(day, '2025-01-01T00:00:00Z')).rejects.toMatchObject(empty);
    await expect(ask(day, '2127-01-01T00:00:00Z')).rejects.toMatchObject({
      issues: [{ path: ['to'], message: 'must be within 100 years after `from`' }],
    });
    await expect(ask(day, '2126-01-01T00:00:00Z')).resolves.toHaveLength(1);
  });

  test('has empty buckets where no run starts', async () => {
    await empty();
    await putIn(opened, [sampleRun(1), { ...sampleRun(2), id: idOf(2), endTime: origin }]);
    const to = addMicroseconds(origin, 10);
    const history = await findFlowRunHistory(services, null, { from: origin, to, buckets: 2 });
    expect(history.map(({ counts }) => counts)).toEqual([[], []]);
  });
});
