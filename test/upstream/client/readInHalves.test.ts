import * as fc from 'fast-check';
import type { FlowRunId } from '../../../src/domain/identifiers';
import { readInHalves } from '../../../src/upstream/client/readInHalves';
import type { FlowRunPage, UpstreamFlowRun } from '../../../src/upstream/client/upstreamClient';
import { UpstreamError, type UpstreamFailure } from '../../../src/upstream/client/upstreamError';

const internalError: UpstreamFailure = { kind: 'serverError', status: 500 };
const limit = 200;

/** A server with runs 0 to `count`, that fails on some of them. */
function serverOf(count: number, bad: ReadonlySet<number>, failure = internalError) {
  const calls: number[] = [];
  const read = async (part: { offset: number; limit: number }): Promise<FlowRunPage> => {
    calls.push(part.limit);
    const numbers = Array.from(
      { length: Math.max(0, Math.min(part.limit, count - part.offset)) },
      (_, index) => part.offset + index,
    );
    if (numbers.some(number => bad.has(number))) throw new UpstreamError('HTTP 500', failure);
    const rows = numbers.map(number => ({ flowRun: { id: `${number}` as FlowRunId } }) as UpstreamFlowRun);
    return { rows, unreadable: [], count: rows.length, received: 0, characters: 0 };
  };
  return { read, calls };
}
const numbersOf = ({ rows }: FlowRunPage) => rows.map(({ flowRun }) => Number(flowRun.id));

describe('a page of runs on some of which the server fails', () => {
  test('has all the others in their order, and the number of all', async () => {
    const some = fc.uniqueArray(fc.integer({ min: 0, max: 250 }), { maxLength: 15 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 30, max: 250 }), some, async (count, numbers) => {
        const bad = new Set(numbers);
        const page = await readInHalves(serverOf(count, bad).read, { offset: 0, limit });
        const all = Array.from({ length: Math.min(count, limit) }, (_, number) => number);
        expect(numbersOf(page)).toEqual(all.filter(number => !bad.has(number)));
        expect(page.unreadable).toHaveLength(all.filter(number => bad.has(number)).length);
        expect(page.count).toBe(all.length);
      }),
    );
  });

  test('takes some ten more calls for one of them', async () => {
    const { read, calls } = serverOf(300, new Set([123]));
    await readInHalves(read, { offset: 0, limit });
    expect(calls.length).toBeLessThanOrEqual(17);
  });

  test('fails where the server fails on all, before each of them is asked for', async () => {
    const { read, calls } = serverOf(300, new Set(Array.from({ length: 300 }, (_, number) => number)));
    await expect(readInHalves(read, { offset: 0, limit })).rejects.toThrow('HTTP 500');
    expect(calls.length).toBeLessThan(60);
  });

  test('fails at once where the failure is not about runs', async () => {
    for (const failure of [
      { kind: 'serverError', status: 503 },
      { kind: 'refused', status: 401 },
      { kind: 'unreachable' },
    ] satisfies UpstreamFailure[]) {
      const { read, calls } = serverOf(300, new Set([5]), failure);
      await expect(readInHalves(read, { offset: 0, limit })).rejects.toThrow(UpstreamError);
      expect(calls).toEqual([limit]);
    }
  });
});
