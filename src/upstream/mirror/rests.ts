import { setTimeout as wait } from 'node:timers/promises';

/** The time of a rest, as a part of the work before it: the server has one thread, and others need it too. */
const restShare = 0.5;
const maxRestMilliseconds = 2000;

/** Makes what rests between two pieces of work, for half as long as the one before took. */
export function createRests(monotonicClock: () => number): (signal: AbortSignal) => Promise<void> {
  let began = monotonicClock();
  return async signal => {
    const milliseconds = Math.min(maxRestMilliseconds, (monotonicClock() - began) * restShare);
    await wait(milliseconds, undefined, { signal });
    began = monotonicClock();
  };
}
