import type { Random } from '../bench/support/random';
import type { Operations } from './operations';
import { scenarios } from './scenarios';

/** Starts operations until it is stopped. */
export interface Load {
  /** Which scenarios were begun so far. */
  begun: string[];
  /** Begins nothing more, and waits until everything has ended. */
  stop(): Promise<void>;
}

/** Keeps so many scenarios going at once. */
export function startLoad(operations: Operations, random: Random, atOnce: number): Load {
  const begun: string[] = [];
  const stopping = new AbortController();
  let waiting: string[] = [];

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      // Each in turn, in an order of its own each time: none is left out.
      if (waiting.length === 0) waiting = random.shuffled(Object.keys(scenarios));
      const name = waiting.pop() ?? '';
      begun.push(name);
      await scenarios[name]?.(operations, random);
    }
  }

  const working = Promise.all(Array.from({ length: atOnce }, work));
  return {
    begun,
    async stop() {
      stopping.abort();
      await working;
    },
  };
}
