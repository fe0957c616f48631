import { setImmediate as nextTurnOfLoop } from 'node:timers/promises';

/**
 * Creates a queue for work that blocks the process for some milliseconds.
 *
 * @returns waits for a turn of the event loop in which no other work of the queue begins. Sockets are served between the
 * turns, where without them all work whose input arrived together would run first.
 */
export function createOneAtATurn(): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return () => {
    last = last.then(() => nextTurnOfLoop());
    return last;
  };
}
