import { callbackify } from 'node:util';
import type { ConnectionPool, PooledConnection } from './connectionPool';

/** What TypeORM uses of a connection, and what it returns as one. */
export interface DriverConnection {
  promise(): { query(statement: string, values?: unknown[]): Promise<[unknown, unknown]> };
  release(): void;
  /** Ends the statement under way, on the server too, and the connection with it. */
  cancel(): void;
  /** Each connection has a listener for its errors already. */
  listeners(): unknown[];
}

const connectionOf = (connection: PooledConnection): DriverConnection => ({
  promise: () => ({ query: (statement, values) => connection.query(statement, values) }),
  release: () => connection.release(),
  cancel: () => connection.cancel(),
  listeners: () => [connection],
});

/** A pool in the shape of the driver that TypeORM accepts as its option `driver`: it opens no connections of its own. */
export const typeormDriver = (pool: ConnectionPool) => ({
  createPool: () => ({
    getConnection: callbackify(async () => connectionOf(await pool.acquire())),
    end: callbackify(() => pool.close()),
  }),
});
