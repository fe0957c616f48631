import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from './database';

const maxAttempts = 10;
const maxPauseMilliseconds = 50;

/**
 * Runs work that inserts rows under names or keys, and runs it again where another transaction took one of them meanwhile:
 * then the work finds that row. Calls whose keys overlap may each take some, so that one repetition is not always enough.
 */
export async function retryOnDuplicateKey<Result>(
  { dialect }: Database,
  work: () => Promise<Result>,
  random: () => number = Math.random,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!dialect.isDuplicate(error) || attempt === maxAttempts) throw error;
      await pause(random() * maxPauseMilliseconds);
    }
  }
}
