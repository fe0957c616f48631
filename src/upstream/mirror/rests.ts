import { setTimeout as wait } from 'node:timers/promises';

/** The time of a rest, as a part of the work before it: the server has one thread, and others need it too. */
const defaultShare = 0.5;
/** The longest rest. */
export const maxRestMilliseconds = 2000;

/** What rests between two pieces of work of the server. */
interface Rests {
  /** Waits for a share of the time that the server worked. */
  rest(signal: AbortSignal): Promise<void>;
}

/**
 * Makes what rests between two pieces of work.
 *
 * @param share the time of a rest, as a part of the work before it.
 */
export function createRests(monotonicClock: () => number, share = defaultShare): Rests {
  let began = monotonicClock();
  return {
    async rest(signal) {
      const milliseconds = Math.min(maxRestMilliseconds, (monotonicClock() - began) * share);
      await wait(milliseconds, undefined, { signal });
      began = monotonicClock();
    },
  };
}
