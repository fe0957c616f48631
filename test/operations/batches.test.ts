import { highestOrdinal, splitRange } from '../../src/operations/batches';

describe('the batches of a bulk operation', () => {
  test('have a maximum number of items, and none crosses the end of the canary', () => {
    expect(splitRange(1, 0, 4, null)).toEqual([]);
    expect(splitRange(1, 9, 4, null)).toEqual([
      { first: 1, last: 4 },
      { first: 5, last: 8 },
      { first: 9, last: 9 },
    ]);
    expect(splitRange(5, 12, 4, 6)).toEqual([
      { first: 5, last: 6 },
      { first: 7, last: 10 },
      { first: 11, last: 12 },
    ]);
    expect(splitRange(1, 3, 4, 3)).toEqual([{ first: 1, last: 3 }]);
    expect(splitRange(3, 5, 4, 3)).toEqual([
      { first: 3, last: 3 },
      { first: 4, last: 5 },
    ]);
  });

  test('end at the canary until its review', () => {
    expect(highestOrdinal({ definition: { canary: 3 }, canaryPassed: false })).toBe(3);
    const maxOrdinal = highestOrdinal({ definition: { canary: null }, canaryPassed: false });
    expect(maxOrdinal).toBe(2_147_483_647);
    expect(highestOrdinal({ definition: { canary: 3 }, canaryPassed: true })).toBe(maxOrdinal);
  });
});
