import { setTimeout as wait } from 'node:timers/promises';

/** The time of a rest, as a part of the work before it: the server has one thread, and others need it too. */
const defaultShare = 0.5;
const maxRestMilliseconds = 2000;

/** What rests between two pieces of work of the server. */
export interface Rests {
  /** Notes that the server begins a piece of work only now, and not with the end of the last rest. */
  serverWorks(): void;
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
  const serverWorks = () => {
    began = monotonicClock();
  };
  return {
    serverWorks,
    async rest(signal) {
      const milliseconds = Math.min(maxRestMilliseconds, (monotonicClock() - began) * share);
      await wait(milliseconds, undefined, { signal });
      serverWorks();
    },
  };
}
