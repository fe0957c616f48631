import { madeOnce } from '../../src/platform/madeOnce';

describe('madeOnce', () => {
  it('makes a value once for all calls, also for those that come while it is made', async () => {
    let attempts = 0;
    const get = madeOnce(async () => ++attempts);
    expect(await Promise.all([get(), get()])).toEqual([1, 1]);
    expect(await get()).toBe(1);
  });

  it('makes another attempt after one that failed', async () => {
    let attempts = 0;
    const get = madeOnce(async () => {
      attempts++;
      if (attempts === 1) throw new Error('out of memory');
      return attempts;
    });
    await expect(Promise.all([get(), get()])).rejects.toThrow('out of memory');
    expect(await get()).toBe(2);
    expect(await get()).toBe(2);
  });
});
