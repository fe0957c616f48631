import { restAfter } from '../../../src/upstream/mirror/restAfter';

const { signal } = new AbortController();

/** How long a rest took after work that ended that many milliseconds ago, in tenths of a second. */
async function secondsAfter(worked: number, ago: number, share: number): Promise<number> {
  const begun = performance.now();
  const to = begun - ago;
  await restAfter({ from: to - worked, to }, share, signal);
  return Math.round((performance.now() - begun) / 100) / 10;
}

describe('the rest of a server after its work', () => {
  test('takes a share of the time that the work took', async () => {
    expect(await secondsAfter(1000, 0, 0.2)).toBe(0.2);
  });

  test('began with the end of the work', async () => {
    expect(await secondsAfter(1000, 100, 0.3)).toBe(0.2);
    expect(await secondsAfter(1000, 5000, 0.2)).toBe(0);
  });

  test('ends with the signal, also where it is over', async () => {
    const now = performance.now();
    for (const served of [
      { from: now - 100_000, to: now },
      { from: now - 1, to: now - 1 },
    ])
      await expect(restAfter(served, 0.2, AbortSignal.abort())).rejects.toThrow('aborted');
  });
});
