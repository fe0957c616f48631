import type { BulkOperationId } from '../../../src/domain/identifiers';
import { addSeconds, parseInstant } from '../../../src/domain/instant';
import {
  chooseTurn,
  createTurnMemory,
  forgetInactive,
  recordFailure,
  restAfter,
} from '../../../src/operations/worker/turnMemory';

const ids = (...names: string[]) => names as BulkOperationId[];
const [a, b, c] = ids('a', 'b', 'c') as [BulkOperationId, BulkOperationId, BulkOperationId];
const now = 1000;

/** A worker's memory: the operation that had the last turn, and until when others rest. */
const memory = (last: BulkOperationId | null, rests: Record<string, number> = {}) => ({
  ...createTurnMemory(),
  last,
  restUntil: new Map(Object.entries(rests)) as Map<BulkOperationId, number>,
});

describe('the next turn', () => {
  test.each([
    ['of no operation where none is active', ids(), memory(a), null],
    ['of the first at the start', ids('a', 'b', 'c'), memory(null), a],
    ['of the one behind the last', ids('a', 'b', 'c'), memory(a), b],
    ['of the first again after the last one of the list', ids('a', 'b', 'c'), memory(c), a],
    ['of the next one where the last one has ended', ids('a', 'c'), memory(b), c],
    ['of the same one where there is no other', ids('b'), memory(b), b],
    ['not of an operation that rests', ids('a', 'b', 'c'), memory(a, { b: now + 1 }), c],
    ['of an operation whose rest ends now', ids('a', 'b', 'c'), memory(a, { b: now }), b],
    ['of the last one where all others rest', ids('a', 'b', 'c'), memory(a, { b: now + 1, c: now + 1 }), a],
    ['of no operation where all rest', ids('a', 'b'), memory(a, { a: now + 1, b: now + 1 }), null],
  ])('is %s', (_title, active, remembered, expected) => {
    expect(chooseTurn(active, remembered, now)).toBe(expected);
  });

  test('goes to every operation once before it goes to one again', () => {
    const remembered = memory(null);
    const turns = Array.from({ length: 6 }, () => {
      remembered.last = chooseTurn([a, b, c], remembered, now);
      return remembered.last;
    });
    expect(turns).toEqual([a, b, c, a, b, c]);
  });
});

describe('the rest of an operation after a turn', () => {
  const instant = parseInstant('2026-11-25T12:00:00Z');
  test.each([
    ['0 ms where something was done', { done: 1, until: null }, 0],
    ['25 ms where nothing was done and no time is known', { done: 0, until: null }, 25],
    ['the time until the next batch is due', { done: 0, until: addSeconds(instant, 0.4) }, 400],
    ['a second at most', { done: 0, until: addSeconds(instant, 30) }, 1000],
    ['0 ms where the time has passed', { done: 0, until: addSeconds(instant, -5) }, 0],
  ])('is %s', (_title, turn, milliseconds) => {
    expect(restAfter(turn, instant)).toBeCloseTo(milliseconds);
  });

  test('doubles with each turn that fails in a row', () => {
    const remembered = memory(null);
    const rests = [1, 2, 3, 4].map(failures => {
      expect(recordFailure(remembered, a, now)).toBe(failures);
      return (remembered.restUntil.get(a) ?? 0) - now;
    });
    expect(rests).toEqual([200, 400, 800, 1600]);
  });

  test('counts the failures of each operation by itself', () => {
    const remembered = memory(null);
    recordFailure(remembered, a, now);
    expect(recordFailure(remembered, b, now)).toBe(1);
  });
});

describe('a worker', () => {
  test('forgets rests and failures of inactive operations, and of no others', () => {
    const remembered = memory(null);
    for (const id of [a, b]) recordFailure(remembered, id, now);
    forgetInactive(remembered, [b, c]);
    expect([...remembered.failedTurns.keys()]).toEqual([b]);
    expect([...remembered.restUntil.keys()]).toEqual([b]);
  });
});
