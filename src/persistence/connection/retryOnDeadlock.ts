import { setTimeout as pause } from 'node:timers/promises';
import { errorKindOf, isRetryable } from './errorKind';

const maxPauseMilliseconds = 500;

/**
 * Runs a whole transaction, and runs it again after a pause if the database rolled it back because of another one (deadlock,
 * lock wait). `database.ts` limits the attempts. Where the server only reads, because another has become the primary, the first
 * attempt is repeated at once, on a new connection.
 *
 * @param transaction one attempt, counted from 0.
 * @param mayRetry whether to repeat it after an error; `attempts` counts those that failed.
 */
export async function retryOnDeadlock<Result>(
  transaction: (attempt: number) => Promise<Result>,
  mayRetry: (error: unknown, attempts: number) => boolean,
  random: () => number,
): Promise<Result> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await transaction(attempt);
    } catch (error) {
      if (errorKindOf(error) === 'readOnly' && attempt === 0) continue;
      if (!isRetryable(error) || !mayRetry(error, attempt + 1)) throw error;
      await pause(random() * Math.min(maxPauseMilliseconds, 5 * 2 ** attempt));
    }
  }
}
