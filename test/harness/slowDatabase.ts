import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../src/persistence/connection/database';
import type { SqlExecutor } from '../../src/persistence/connection/statements';

/** A database whose transactions take so long at their first statement; `ended` waits for the last one. */
export function slowedDown(
  database: Database,
  milliseconds: number,
): { database: Database; ended: () => Promise<unknown> } {
  let last: Promise<unknown> = Promise.resolve();
  const slowly = (connection: SqlExecutor): SqlExecutor => {
    let isFirst = true;
    return {
      async query<Rows>(sql: string, parameters?: unknown[]): Promise<Rows> {
        if (isFirst) await pause(milliseconds);
        isFirst = false;
        return connection.query<Rows>(sql, parameters);
      },
    };
  };
  return {
    database: {
      ...database,
      transaction(work) {
        const transaction = database.transaction((connection, attempt) => work(slowly(connection), attempt));
        last = transaction.catch(() => undefined);
        return transaction;
      },
    },
    ended: () => last,
  };
}
