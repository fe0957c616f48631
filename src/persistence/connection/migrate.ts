import { setTimeout as pause } from 'node:timers/promises';
import { type DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { migrations } from '../migrations';
import type { Dialect } from './dialect';
import { errorKindOf } from './errorKind';
import { takeNamedLock } from './namedLocks';

const lockSeconds = 120;
const busyMilliseconds = 50;

/** Begins a transaction on the embedded database, once no other process writes to the file. */
async function beginWhenFree(runner: QueryRunner, begin: string): Promise<void> {
  const end = performance.now() + lockSeconds * 1000;
  for (;;) {
    try {
      await runner.query(begin);
      return;
    } catch (error) {
      if (errorKindOf(error) !== 'conflict' || performance.now() > end) throw error;
      await pause(busyMilliseconds);
    }
  }
}

type Work = (executor: MigrationExecutor) => Promise<unknown>;

/** Works through the connection that holds the lock: a server may accept few. */
async function execute(dataSource: DataSource, runner: QueryRunner, work: Work): Promise<void> {
  const executor = new MigrationExecutor(dataSource, runner);
  executor.transaction = 'none';
  await work(executor);
}

/** A lock in the database makes other processes wait: a named one, or on the embedded database the file's own. */
async function whileLocked(dataSource: DataSource, { namedLock, begin }: Dialect, work: Work): Promise<void> {
  const runner = dataSource.createQueryRunner('master');
  if (namedLock === null) {
    await beginWhenFree(runner, begin);
    try {
      await execute(dataSource, runner, work);
      await runner.query('COMMIT');
    } catch (error) {
      await runner.query('ROLLBACK');
      throw error;
    }
    return;
  }
  try {
    const lock = await takeNamedLock(runner, namedLock, 'migrations', lockSeconds);
    if (lock === null)
      throw new Error(`another process has been migrating this database for ${lockSeconds} s`);
    await execute(dataSource, runner, work);
    await lock.release();
  } finally {
    await runner.release();
  }
}

/** Runs the migrations that have not run yet. Other processes wait meanwhile. */
export const migrate = (dataSource: DataSource, dialect: Dialect): Promise<void> =>
  whileLocked(dataSource, dialect, executor => executor.executePendingMigrations());

/** Reverts the migration that ran last, with what it stored. Other processes wait meanwhile. */
export const revertMigration = (dataSource: DataSource, dialect: Dialect): Promise<void> =>
  whileLocked(dataSource, dialect, executor => executor.undoLastMigration());

/** How the tables of a database differ from those that this program works on. */
export interface MigrationStatus {
  /** How many migrations have not run yet. */
  missing: number;
  /** How many have run that this program does not know. */
  unknown: number;
}

async function migrationsRun(dataSource: DataSource): Promise<string[]> {
  try {
    const rows = await dataSource
      .createQueryBuilder()
      .select('name')
      .from<{ name: string }>('migration', 'migration')
      .getRawMany<{ name: string }>();
    return rows.map(({ name }) => name);
  } catch (error) {
    if (errorKindOf(error) === 'notMigrated') return [];
    throw error;
  }
}

/** Compares the migrations that have run with those there are. */
export async function migrationStatus(dataSource: DataSource): Promise<MigrationStatus> {
  const run = new Set(await migrationsRun(dataSource));
  const missing = migrations.filter(({ name }) => !run.has(name)).length;
  return { missing, unknown: run.size - (migrations.length - missing) };
}
