import {
  type IsolatedWork,
  type ItemRange,
  isolateFailures,
} from '../../../src/operations/worker/isolateFailures';

/** Work that fails for some items, and what it was asked to do. */
function failingFor(items: ReadonlySet<number>) {
  const tried: string[] = [];
  const isolated: IsolatedWork<readonly string[]> = {
    work({ first = 0, size }, before) {
      const all = Array.from({ length: size }, (_, index) => first + index);
      tried.push(all.join(' '));
      if (all.some(item => items.has(item))) return Promise.reject(new Error('failed'));
      return Promise.resolve([...before, ...all.map(String)]);
    },
    handleFailure: (_error, { first = 0, size }) => Promise.resolve({ first, size }),
    giveUp: (item, before) => Promise.resolve([...before, `${item} given up`]),
  };
  return { isolated, tried };
}

const rethrow: IsolatedWork<unknown>['handleFailure'] = error => {
  throw error;
};

describe('work on many items at once', () => {
  test.each([
    ['is done once where nothing fails', [], { size: 4 }, ['0 1 2 3'], ['0', '1', '2', '3']],
    [
      'is halved until the item that fails is alone',
      [2],
      { size: 4 },
      ['0 1 2 3', '0 1', '2 3', '2', '3'],
      ['0', '1', '2 given up', '3'],
    ],
    [
      'is done for the items between two that fail',
      [0, 2],
      { size: 3 },
      ['0 1 2', '0 1', '0', '1', '2'],
      ['0 given up', '1', '2 given up'],
    ],
    [
      'is tried once more for an item that was alone from the beginning',
      [5],
      { first: 5, size: 1 },
      ['5', '5'],
      ['5 given up'],
    ],
  ] satisfies [string, number[], ItemRange, string[], string[]][])(
    '%s',
    async (_title, failing, range, tries, result) => {
      const { isolated, tried } = failingFor(new Set(failing));
      expect(await isolateFailures(isolated, range, [])).toEqual(result);
      expect(tried).toEqual(tries);
    },
  );

  test('stops after a failure that was handled', async () => {
    const { isolated, tried } = failingFor(new Set([1]));
    const deferred = { ...isolated, handleFailure: () => Promise.resolve(null) };
    expect(await isolateFailures(deferred, { size: 4 }, ['before'])).toEqual(['before']);
    expect(tried).toHaveLength(1);
  });

  test('throws the error if fewer items would fail alike', async () => {
    const { isolated, tried } = failingFor(new Set([1]));
    const gone = { ...isolated, handleFailure: rethrow };
    await expect(isolateFailures(gone, { size: 4 }, [])).rejects.toThrow('failed');
    expect(tried).toHaveLength(1);
  });
});
