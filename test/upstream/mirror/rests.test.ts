import { createRests } from '../../../src/upstream/mirror/rests';

const { signal } = new AbortController();

/** A clock that stands still, but for what a test says. */
function createClock() {
  let now = 1000;
  return {
    read: () => now,
    pass(milliseconds: number) {
      now += milliseconds;
    },
  };
}

/** How long a rest took, in tenths of a second. */
async function secondsOf(rest: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await rest();
  return Math.round((performance.now() - begun) / 100) / 10;
}

describe('a rest', () => {
  test('takes a share of the work before it', async () => {
    const clock = createClock();
    const rests = createRests(clock.read, 0.5);
    clock.pass(400);
    expect(await secondsOf(() => rests.rest(signal))).toBe(0.2);
  });

  test('ends with the signal', async () => {
    const clock = createClock();
    const rests = createRests(clock.read, 0.5);
    clock.pass(100_000);
    await expect(rests.rest(AbortSignal.abort())).rejects.toThrow('aborted');
  });
});
