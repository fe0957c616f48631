import { setImmediate } from 'node:timers/promises';
import type { SqlExecutor } from './statements';

/** How long statements block the process before other requests have their turn. */
const maxBusyMilliseconds = 20;

/**
 * Sends statements to a connection of the embedded database, whose driver blocks the process, and lets other requests have
 * their turn between two of them. No other work may write over the connection in the meantime.
 */
export function yieldBetweenStatements(connection: SqlExecutor): SqlExecutor {
  let busySince = performance.now();
  return {
    getRepository: target => connection.getRepository(target),
    async query(sql, parameters) {
      if (performance.now() - busySince > maxBusyMilliseconds) {
        await setImmediate();
        busySince = performance.now();
      }
      return connection.query(sql, parameters);
    },
  };
}
