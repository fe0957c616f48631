import { createRequestGate } from '../../../src/upstream/client/requestGate';

describe('a request gate', () => {
  it('lets as many through at once as it has lanes, in the order of their arrival', async () => {
    const gate = createRequestGate(['a', 'b'], null);
    const entered: string[] = [];
    const enter = async (name: string) => {
      const lane = await gate.enter(undefined);
      entered.push(`${name} on ${lane}`);
      return lane;
    };
    const [first] = await Promise.all([enter('1'), enter('2')]);
    const third = enter('3');
    const fourth = enter('4');
    expect(entered).toHaveLength(2);
    gate.leave(first);
    gate.leave(await third);
    await fourth;
    expect(entered.slice(2)).toEqual([`3 on ${first}`, `4 on ${first}`]);
  });

  it('gives the place of a request that is aborted to the next', async () => {
    const gate = createRequestGate(['a'], null);
    const lane = await gate.enter(undefined);
    const abort = new AbortController();
    const aborted = gate.enter(abort.signal);
    const next = gate.enter(undefined);
    abort.abort(new Error('stopped'));
    await expect(aborted).rejects.toThrow('stopped');
    gate.leave(lane);
    expect(await next).toBe('a');
  });

  it('lets nothing through whose signal is aborted already', async () => {
    const gate = createRequestGate(['a'], null);
    await expect(gate.enter(AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
    expect(await gate.enter(undefined)).toBe('a');
  });

  it('spaces requests where their number in a minute is bounded', async () => {
    const gate = createRequestGate(['a', 'b', 'c'], 1200);
    const start = performance.now();
    await Promise.all([gate.enter(undefined), gate.enter(undefined), gate.enter(undefined)]);
    // Twice 50 ms; a timer may end a moment before its time.
    expect(performance.now() - start).toBeGreaterThan(90);
  });

  it('frees the lane of a request that is aborted while it is spaced', async () => {
    const gate = createRequestGate(['a'], 1);
    gate.leave(await gate.enter(undefined));
    const abort = new AbortController();
    const spaced = gate.enter(abort.signal);
    abort.abort(new Error('stopped'));
    await expect(spaced).rejects.toThrow('stopped');
    const other = new AbortController();
    const next = gate.enter(other.signal);
    other.abort(new Error('also stopped'));
    await expect(next).rejects.toThrow('also stopped');
  });
});
