import { inLanes } from '../../src/platform/inLanes';

describe('work in lanes', () => {
  test('is done on each item once, with no more at once than there are lanes', async () => {
    const done: number[] = [];
    let underWay = 0;
    let most = 0;

    await inLanes([1, 2, 3, 4, 5], 2, async item => {
      most = Math.max(most, ++underWay);
      await new Promise(resolve => setImmediate(resolve));
      underWay--;
      done.push(item);
    });

    expect(done.toSorted((one, other) => one - other)).toEqual([1, 2, 3, 4, 5]);
    expect(most).toBe(2);
  });

  test('begins no other item once one fails, and ends when what has begun is over', async () => {
    const begun: number[] = [];
    let isOver = false;

    const work = inLanes([1, 2, 3], 2, async item => {
      begun.push(item);
      if (item === 1) throw new Error('the first');
      await new Promise(resolve => setImmediate(resolve));
      isOver = true;
    });

    await expect(work).rejects.toThrow('the first');
    expect(begun).toEqual([1, 2]);
    expect(isOver).toBe(true);
  });
});
