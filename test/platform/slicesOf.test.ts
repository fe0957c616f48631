import * as fc from 'fast-check';
import { slicesOf } from '../../src/platform/slicesOf';

describe('slices of a list', () => {
  test('make up the list, and all but the last have the size', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 20 }), (items, size) => {
        const slices = [...slicesOf(items, size)];

        expect(slices.flat()).toEqual(items);
        for (const slice of slices.slice(0, -1)) expect(slice).toHaveLength(size);
        expect(slices.every(({ length }) => length >= 1 && length <= size)).toBe(true);
      }),
    );
  });

  test('of an empty list are none', () => {
    expect([...slicesOf([], 5)]).toEqual([]);
  });
});
