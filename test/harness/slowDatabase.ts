import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../src/persistence/connection/database';

/** A database whose transactions take so long before their first statement; `ended` waits for the last one. */
export function slowedDown(
  database: Database,
  milliseconds: number,
): { database: Database; ended: () => Promise<unknown> } {
  let last: Promise<unknown> = Promise.resolve();
  return {
    database: {
      ...database,
      transaction(work) {
        const transaction = database.transaction(async (connection, attempt) => {
          await pause(milliseconds);
          return work(connection, attempt);
        });
        last = transaction.catch(() => undefined);
        return transaction;
      },
    },
    ended: () => last,
  };
}
