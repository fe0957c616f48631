import { namedRow } from '../../../src/persistence/connection/namedRow';

describe('a row named as the columns of its statement', () => {
  test('has each value under the name of its place, and null where there is none', () => {
    const row = namedRow(['id', 'name', 'weight', 'missing']);
    expect(row([1, null, 0.5])).toEqual({ id: 1, name: null, weight: 0.5, missing: null });
  });

  test('is not shared with the next one', () => {
    const row = namedRow<number>(['id', 'weight']);
    const first = row([1, 2]);
    expect(row([3])).toEqual({ id: 3, weight: null });
    expect(first).toEqual({ id: 1, weight: 2 });
  });
});
