import { setTimeout as wait } from 'node:timers/promises';

/** The time of a rest, as a part of the work before it: the server has one thread, and others need it too. */
const defaultShare = 0.5;
const maxRestMilliseconds = 2000;

/** What rests between two pieces of work of the server. */
export interface Rests {
  /** Notes that the server has done its work: what is done here until the rest is a part of the rest. */
  serverIsIdle(): void;
  /** Waits until the server has rested for a share of the time that it worked. */
  rest(signal: AbortSignal): Promise<void>;
}

/**
 * Makes what rests between two pieces of work.
 *
 * @param share the time of a rest, as a part of the work before it.
 */
export function createRests(monotonicClock: () => number, share = defaultShare): Rests {
  let began = monotonicClock();
  let idleSince: number | null = null;
  return {
    serverIsIdle() {
      idleSince = monotonicClock();
    },
    async rest(signal) {
      const now = monotonicClock();
      const idle = idleSince ?? now;
      const milliseconds = Math.min(maxRestMilliseconds, (idle - began) * share - (now - idle));
      // Others of this process have their turn, too, where no time is left to rest.
      await wait(Math.max(0, milliseconds), undefined, { signal });
      began = monotonicClock();
      idleSince = null;
    },
  };
}
