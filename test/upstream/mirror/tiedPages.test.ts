import * as fc from 'fast-check';
import type { FlowRunId } from '../../../src/domain/identifiers';
import { parseInstant } from '../../../src/domain/instant';
import type { UpstreamClient, UpstreamFlowRun } from '../../../src/upstream/client/upstreamClient';
import { tiedPages } from '../../../src/upstream/mirror/tiedPages';
import { idOf } from '../../persistence/sampleRuns';

const at = parseInstant('2030-01-01T00:00:00Z');
const now = () => at;

/** What another client does between two pages. */
interface Change {
  deleted: number[];
  added: number[];
}

/** Reads all pages of runs with the ids of these numbers, while they change; returns the numbers that were read. */
async function read(numbers: Iterable<number>, changes: readonly Change[]) {
  const runs = new Set(numbers);
  const always = new Set(runs);
  const left = [...changes];
  let calls = 0;
  const client = {
    findFlowRuns: async ({ limit, offset = 0 }) => {
      calls++;
      const page = [...runs]
        .sort((one, other) => other - one)
        .slice(offset, offset + limit)
        .map(number => ({ flowRun: { id: idOf<FlowRunId>(number) } }) as UpstreamFlowRun);
      const { deleted, added } = left.shift() ?? { deleted: [], added: [] };
      for (const number of deleted) {
        runs.delete(number);
        always.delete(number);
      }
      for (const number of added) runs.add(number);
      return { rows: page, unreadable: [], count: page.length, received: 0, characters: 0 };
    },
  } as Pick<UpstreamClient, 'findFlowRuns'> as UpstreamClient;
  const seen: number[] = [];
  for await (const { rows } of tiedPages(client, now, { filter: {}, at }))
    seen.push(...rows.map(({ flowRun }) => Number(flowRun.id.slice(-12))));
  return { seen, always, calls };
}

const numbersTo = (count: number) => Array.from({ length: count }, (_, number) => number + 1);

describe('pages of runs with one expected start time', () => {
  test.each([0, 1, 199, 200, 201, 399, 400, 1000])('have each of %i runs once', async count => {
    const { seen } = await read(numbersTo(count), []);
    expect(seen).toEqual(numbersTo(count).reverse());
  });

  test('pass over no run where those that were read are deleted', async () => {
    const deleted = numbersTo(1000).slice(800);
    const { seen } = await read(numbersTo(1000), [{ deleted, added: [] }]);
    expect(seen).toEqual(numbersTo(1000).reverse());
  });

  test('pass over no run that stays, and come to an end, whatever is deleted and added meanwhile', async () => {
    const some = fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 300 });
    const changes = fc.array(fc.record({ deleted: some, added: some }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1500 }), changes, async (count, made) => {
        const { seen, always, calls } = await read(
          numbersTo(count).map(number => 2 * number),
          made,
        );
        expect([...always].filter(number => !seen.includes(number))).toEqual([]);
        expect(new Set(seen).size).toBe(seen.length);
        expect(calls).toBeLessThan(60);
      }),
      { numRuns: 60 },
    );
  });
});
