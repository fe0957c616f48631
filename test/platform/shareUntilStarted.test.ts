import { createShare } from '../../src/platform/shareUntilStarted';

/** Work that starts and ends on command of the test. */
function createWork() {
  let begin = (): void => undefined;
  let end = (_result: number): void => undefined;
  let fail = (_error: Error): void => undefined;
  const begun = new Promise<void>(resolve => {
    begin = resolve;
  });
  const result = new Promise<number>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  const signals: AbortSignal[] = [];
  const work = async (signal: AbortSignal, started: () => void): Promise<number> => {
    signals.push(signal);
    await begun;
    started();
    return result;
  };
  return { work, signals, begin: () => begin(), end: (value: number) => end(value), fail };
}

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

describe('work that is shared until it starts', () => {
  test('runs once for all callers before it starts', async () => {
    const share = createShare();
    const { work, signals, begin, end } = createWork();
    const results = [1, 2, 3].map(() => share('key', undefined, work));
    begin();
    await turn();
    end(7);
    await expect(Promise.all(results)).resolves.toEqual([7, 7, 7]);
    expect(signals).toHaveLength(1);
  });

  test('runs again for a caller after it has started', async () => {
    const share = createShare();
    const early = createWork();
    const late = createWork();
    const first = share('key', undefined, early.work);
    early.begin();
    await turn();
    const second = share('key', undefined, late.work);
    late.begin();
    await turn();
    late.end(2);
    early.end(1);
    await expect(Promise.all([first, second])).resolves.toEqual([1, 2]);
  });

  test('is not shared by another key', async () => {
    const share = createShare();
    const one = createWork();
    const other = createWork();
    const results = [share('one', undefined, one.work), share('other', undefined, other.work)];
    one.begin();
    other.begin();
    one.end(1);
    other.end(2);
    await expect(Promise.all(results)).resolves.toEqual([1, 2]);
  });

  test('continues while one caller waits, and is aborted when the last has left', async () => {
    const share = createShare();
    const { work, signals } = createWork();
    const one = new AbortController();
    const other = new AbortController();
    const results = [one, other].map(({ signal }) => share('key', signal, work).catch(String));
    await turn();
    one.abort(new Error('the first left'));
    await expect(results[0]).resolves.toBe('Error: the first left');
    expect(signals[0]?.aborted).toBe(false);
    other.abort(new Error('the last left'));
    await expect(results[1]).resolves.toBe('Error: the last left');
    expect(signals[0]?.aborted).toBe(true);
  });

  test('starts again after all earlier callers have left', async () => {
    const share = createShare();
    const left = createWork();
    const wanted = createWork();
    const controller = new AbortController();
    const first = share('key', controller.signal, left.work).catch(String);
    controller.abort(new Error('left'));
    await first;
    const second = share('key', undefined, wanted.work);
    wanted.begin();
    wanted.end(5);
    await expect(second).resolves.toBe(5);
    left.begin();
    await turn();
    left.fail(new Error('nobody waits for this'));
    await turn();
  });

  test('fails for all callers, and starts again afterwards', async () => {
    const share = createShare();
    const failing = createWork();
    const results = [1, 2].map(() => share('key', undefined, failing.work).catch(String));
    await turn();
    failing.fail(new Error('broken'));
    failing.begin();
    await expect(Promise.all(results)).resolves.toEqual(['Error: broken', 'Error: broken']);
    await expect(share('key', undefined, () => Promise.resolve(3))).resolves.toBe(3);
  });

  test('does not start for a caller who has left already', async () => {
    const { work, signals } = createWork();
    const gone = AbortSignal.abort(new Error('gone'));
    await expect(createShare()('key', gone, work)).rejects.toThrow('gone');
    expect(signals).toHaveLength(0);
  });
});
