import type { DataSource } from 'typeorm';
import type { Dialect } from './dialect';
import { migrations } from './migrations';

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
  const lockName = `switchyard migrations ${String(await runner.getCurrentDatabase())}`.slice(0, 64);
  try {
    const [row] = (await runner.query(namedLock.take, [lockName, lockSeconds])) as {
      taken: number | string | null;
    }[];
    if (Number(row?.taken) !== 1)
      throw new Error(`another process has been migrating this database for ${lockSeconds} s`);
    await dataSource.runMigrations({ transaction: 'none' });
    await runner.query(namedLock.release, [lockName]);
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
