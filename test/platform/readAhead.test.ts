import { readAhead } from '../../src/platform/readAhead';

describe('readAhead', () => {
  test('has the source make the next item while one is worked on', async () => {
    const made: number[] = [];
    async function* source(): AsyncGenerator<number, void> {
      for (let item = 0; item < 3; item++) {
        made.push(item);
        yield item;
      }
    }
    const madeBefore: number[] = [];
    for await (const item of readAhead(source())) madeBefore.push(made.length - item);
    expect(madeBefore).toEqual([2, 2, 1]);
  });

  test('throws what the source throws, after the items before it', async () => {
    async function* source(): AsyncGenerator<number, void> {
      yield 1;
      throw new Error('no more');
    }
    const items: number[] = [];
    const reading = (async () => {
      for await (const item of readAhead(source())) items.push(item);
    })();
    await expect(reading).rejects.toThrow('no more');
    expect(items).toEqual([1]);
  });

  test('stops the source where the consumer stops, and throws what the consumer throws', async () => {
    let hasStopped = false;
    async function* source(): AsyncGenerator<number, void> {
      try {
        for (;;) yield 1;
      } finally {
        hasStopped = true;
      }
    }
    const reading = (async () => {
      for await (const _ of readAhead(source())) throw new Error('not stored');
    })();
    await expect(reading).rejects.toThrow('not stored');
    expect(hasStopped).toBe(true);
  });
});
