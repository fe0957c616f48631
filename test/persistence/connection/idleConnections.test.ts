import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { type DatabaseServerAddress, parseDatabaseAddress } from '../../../src/config/databaseAddress';
import { createConnectionPool } from '../../../src/persistence/connection/connectionPool';
import { describeOnDatabases } from '../../harness/databases';
import { until } from '../../harness/waiting';

describeOnDatabases(['mysql', 'mariadb'], 'connections of a pool', database => {
  test('are closed after the configured idle time, and opened again when needed', async () => {
    const observer = await createConnection(database.url);
    const count = async (): Promise<number> => {
      const [rows] = await observer.query<RowDataPacket[]>(
        'SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()',
      );
      return rows.length;
    };
    const pool = createConnectionPool({
      address: parseDatabaseAddress(database.url) as DatabaseServerAddress,
      size: 3,
      statementSeconds: 0,
      idleMilliseconds: 300,
      sessionSettings: 'SET SESSION wait_timeout = 28800',
    });
    try {
      const taken = await Promise.all([pool.acquire(), pool.acquire(), pool.acquire()]);
      expect(await count()).toBe(3);
      for (const connection of taken) connection.release();
      expect(await count()).toBe(3);
      const released = performance.now();
      await until(async () => (await count()) === 0);
      expect(performance.now() - released).toBeGreaterThan(200);

      const connection = await pool.acquire();
      const [rows] = await connection.query("SELECT 'open' AS state");
      expect(rows).toEqual([{ state: 'open' }]);
      connection.release();
    } finally {
      await pool.close();
      await observer.end();
    }
  });
});
