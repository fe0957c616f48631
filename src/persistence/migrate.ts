import type { DataSource } from 'typeorm';
import type { Dialect } from './dialect';
import { migrations } from './migrations';
import { takeNamedLock } from './namedLocks';

const lockSeconds = 120;

/**
 * Runs the migrations that have not run yet. A lock that the database holds keeps other processes waiting meanwhile:
 * a named one, or on the embedded database the file's own.
 */
export async function migrate(dataSource: DataSource, { namedLock, begin }: Dialect): Promise<void> {
  const runner = dataSource.createQueryRunner('master');
  if (namedLock === null) {
    await runner.query(begin);
    try {
      await dataSource.runMigrations({ transaction: 'none' });
      await runner.query('COMMIT');
    } catch (error) {
      await runner.query('ROLLBACK');
      throw error;
    }
    return;
  }
  try {
    const release = await takeNamedLock(runner, namedLock, 'migrations', lockSeconds);
    if (release === null)
      throw new Error(`another process has been migrating this database for ${lockSeconds} s`);
    await dataSource.runMigrations({ transaction: 'none' });
    await release();
  } finally {
    await runner.release();
  }
}

/** How many migrations have not run yet. */
export async function pendingMigrations(dataSource: DataSource): Promise<number> {
  try {
    const rows = (await dataSource.query('SELECT name FROM migration')) as { name: string }[];
    const run = new Set(rows.map(({ name }) => name));
    return migrations.filter(({ name }) => !run.has(name)).length;
  } catch (error) {
    if (/no such table|doesn't exist/.test(String(error))) return migrations.length;
    throw error;
  }
}
