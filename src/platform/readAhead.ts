import { setTimeout as wait } from 'node:timers/promises';

/** How long the source has for a request to leave, which takes several turns of the event loop. */
const headStartMilliseconds = 1;

/**
 * Yields what a source yields, and has it make the next one while the consumer works on one. Where the consumer stops early, so
 * does the source, after what it is making: the consumer may have it end that sooner.
 *
 * @throws what the source throws, once all before that is consumed.
 */
export async function* readAhead<Item>(source: AsyncGenerator<Item, void>): AsyncGenerator<Item, void> {
  let next = source.next();
  try {
    for (;;) {
      const { value, done } = await next;
      if (done === true) return;
      next = source.next();
      // Thrown where it is waited for, unless the consumer has stopped.
      next.catch(() => undefined);
      // Work on the embedded database would leave it no turn.
      await wait(headStartMilliseconds);
      yield value;
    }
  } finally {
    await source.return();
  }
}
