import { setTimeout as pause } from 'node:timers/promises';
import { withTimeLimit } from '../../src/transitions/timeLimit';

const never = () => new Promise<never>(() => undefined);

describe('withTimeLimit', () => {
  it('returns a result in time, and aborts nothing', async () => {
    let signal: AbortSignal | undefined;
    const result = await withTimeLimit(0.05, undefined, given => {
      signal = given;
      return 'done';
    });
    await pause(80);
    expect(result).toBe('done');
    expect(signal?.aborted).toBe(false);
  });

  it('throws TIMEOUT after the time, and aborts the work with the same error', async () => {
    let signal: AbortSignal | undefined;
    const work = withTimeLimit(0.02, undefined, given => {
      signal = given;
      return never();
    });
    await expect(work).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(signal?.reason).toMatchObject({ code: 'TIMEOUT' });
  });

  it('throws at once if the client closed the request, before or meanwhile', async () => {
    await expect(withTimeLimit(60, AbortSignal.abort(), never)).rejects.toMatchObject({ code: 'TIMEOUT' });
    const client = new AbortController();
    const work = withTimeLimit(60, client.signal, never);
    client.abort();
    await expect(work).rejects.toMatchObject({ message: expect.stringContaining('client closed') });
  });

  it('throws the error of the work, and handles later errors of it', async () => {
    await expect(withTimeLimit(1, undefined, () => Promise.reject(new Error('own')))).rejects.toThrow('own');
    const late = withTimeLimit(0.02, undefined, async () => {
      await pause(40);
      throw new Error('late');
    });
    await expect(late).rejects.toMatchObject({ code: 'TIMEOUT' });
    await pause(40);
  });
});
