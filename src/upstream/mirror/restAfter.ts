import { setTimeout as wait } from 'node:timers/promises';
import { maxRestMilliseconds } from './rests';

/** When the server was at work on one call, by `performance.now()`. */
export interface Served {
  from: number;
  to: number;
}

/**
 * Waits until the server has rested for a share of the time that it worked, which it does from the end of that work on: what is
 * done here with its response is a part of the rest.
 *
 * @param share the time of the rest, as a part of the work.
 * @throws AbortError where the signal is aborted.
 */
export async function restAfter({ from, to }: Served, share: number, signal: AbortSignal): Promise<void> {
  const rest = Math.min(maxRestMilliseconds, (to - from) * share);
  const left = to + rest - performance.now();
  if (left > 0) await wait(left, undefined, { signal });
  else signal.throwIfAborted();
}
