import { setImmediate } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import { parseDatabaseAddress } from '../../config/databaseAddress';
import {
  createDataSource,
  createServerDataSource,
  type DatabaseOptions,
  defaultPoolSize,
  openPool,
} from './dataSource';
import { type DatabaseKind, type Dialect, dialectOf, kindOf } from './dialect';
import { asDatabaseError, errorKindOf } from './errorKind';
import { createGate, type Gate, throughGate } from './gate';
import { type MigrationStatus, migrate, migrationStatus, revertMigration } from './migrate';
import { createExclusively } from './namedLocks';
import { createReadThread } from './readThread';
import { createReplicaPool } from './replicas';
import { retryOnDeadlock } from './retryOnDeadlock';
import { createEmbeddedScan, createServerScan, type Scan } from './sharedScans';
import type { SqlExecutor } from './statements';
import { yieldBetweenStatements } from './yieldBetweenStatements';

/** Where rows are read. */
export type Source = DataSource;

/** What is done in one transaction; `attempt` counts from 0. */
type TransactionWork<Result> = (connection: SqlExecutor, attempt: number) => Promise<Result>;

/** How a transaction treats rows that another one holds, and what ends its wait. */
interface TransactionOptions {
  /**
   * What follows a lock timeout, two seconds after a statement met a row that another transaction holds, or at once with NOWAIT.
   * `retry`, the default, repeats the transaction for some seconds. `throw` leaves it to the caller, as all do that move runs:
   * these have connections of their own.
   */
  onLockTimeout?: 'retry' | 'throw';
  /** Ends the wait in line for a connection. */
  signal?: AbortSignal;
}

/** A database that is connected. */
export interface Database {
  kind: DatabaseKind;
  dialect: Dialect;
  /** Where decisions are read and everything is written. */
  writer: DataSource;
  /** Where what decides is read outside a transaction: never a replica, never amid a transaction of somebody else's. */
  primary: DataSource;
  /** Where all else is read: a replica where there is one. */
  reader: DataSource;
  /**
   * Runs work in one transaction that writes, and retries it after a pause if the database rolled it back because of
   * another one (deadlock, lock wait). Never within another transaction.
   */
  transaction<Result>(work: TransactionWork<Result>, options?: TransactionOptions): Promise<Result>;
  /**
   * Admits the calls that may wait, in a transaction, for rows that another one holds. They are few, so that such rows
   * never occupy all connections.
   */
  lockWaits: Gate;
  /** Runs a read that may scan all runs. */
  scan: Scan;
  /**
   * Runs work unless work with the same name is running, in this process or in another; then returns null at once.
   * The work may use its own transactions: on a server it needs a second connection. Its signal is aborted where the server
   * has dropped the lock, as with a lost connection: another process may begin the same work, so this one must end.
   */
  exclusively<Result>(name: string, work: (signal: AbortSignal) => Promise<Result>): Promise<Result | null>;
  /** Brings the tables up to date; of two processes that start at once, the second waits for the first. */
  migrate(): Promise<void>;
  /** Reverts the migration that ran last, with what it stored. */
  revertMigration(): Promise<void>;
  migrationStatus(): Promise<MigrationStatus>;
  /**
   * Whether the tables are up to date.
   *
   * @throws an error of the driver where the database cannot be reached, or accepts no writes.
   */
  isReady(): Promise<boolean>;
  close(): Promise<void>;
}

const maxAttempts = 12;
/** How long a transaction is repeated that cannot begin, or waits for a row, because another one holds it. */
const maxLockMilliseconds = 5000;
const shareOf = (poolSize: number, tenths: number): number =>
  Math.max(1, Math.floor((poolSize * tenths) / 10));

/**
 * How many connections each kind of work may have, each first come, first served: state changes, of which two in three may
 * wait for rows that others hold; all other writes; counts, pages of lists, and look-ups for those who watch state changes.
 * What can take long has nine tenths together, so that a tenth is left for what is quick.
 */
const permitsOf = (poolSize: number) => ({
  stateChanges: Math.max(2, shareOf(poolSize, 3)),
  lockWaits: shareOf(poolSize, 2),
  otherWrites: shareOf(poolSize, 2),
  counts: shareOf(poolSize, 2),
  pages: shareOf(poolSize, 3),
  changes: shareOf(poolSize, 2),
});

/** A queue of one: the embedded database has one connection that writes. */
function createTransactionQueue(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return work => {
    const queuedWork = last.then(work);
    // The driver never yields: between two transactions, pending requests must be served.
    last = queuedWork.catch(() => undefined).then(() => setImmediate());
    return queuedWork;
  };
}

/** Waits for work; if it fails, cleans up before it throws. */
async function orElse<Result>(work: Promise<Result>, cleanUp: () => Promise<void>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

async function inTransaction<Result>(
  runner: QueryRunner,
  begin: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const isEmbedded = kindOf(runner.dataSource) === 'embedded';
  // TypeORM itself begins a transaction on the embedded database without locking the file.
  await (isEmbedded ? runner.query(begin) : runner.startTransaction());
  try {
    const result = await work();
    await (isEmbedded ? runner.query('COMMIT') : runner.commitTransaction());
    return result;
  } catch (error) {
    const rolledBack = isEmbedded ? runner.query('ROLLBACK') : runner.rollbackTransaction();
    // If the connection is lost, the database has rolled back already, and this fails too.
    await rolledBack.catch(() => undefined);
    throw error;
  }
}

interface DataSources {
  writer: DataSource;
  /** Another one than the writer, where there is one. */
  ownReader: DataSource | null;
}

function createDataSources(options: DatabaseOptions): DataSources {
  const address = parseDatabaseAddress(options.url);
  if (address.kind === 'embedded')
    return { writer: createDataSource(address, options), ownReader: createDataSource(address, options) };
  const pool = openPool(address, options);
  const writer = createServerDataSource(address, pool, options);
  const replicas = (options.replicaUrls ?? []).map(url => {
    const replica = parseDatabaseAddress(url);
    if (replica.kind === 'embedded') throw new RangeError('a file has no replicas');
    return openPool(replica, options);
  });
  if (replicas.length === 0) return { writer, ownReader: null };
  const readers = createReplicaPool(replicas, pool, options.onReplicaAway);
  return { writer, ownReader: createServerDataSource(address, readers, options) };
}

const connect = async ({ writer, ownReader }: DataSources): Promise<void> => {
  try {
    await writer.initialize();
    if (ownReader !== null) await orElse(ownReader.initialize(), () => writer.destroy());
  } catch (error) {
    throw asDatabaseError(error);
  }
};

/** Migrations take as long as they take: on a server they have connections of their own, without a time limit. */
async function migrateWithoutLimit(
  options: DatabaseOptions,
  writer: DataSource,
  dialect: Dialect,
  work: typeof migrate,
): Promise<void> {
  if (dialect.kind === 'embedded') return work(writer, dialect);
  const address = parseDatabaseAddress(options.url);
  const dataSource = createDataSource(address, { ...options, poolSize: 1, statementSeconds: 0 });
  await dataSource.initialize();
  try {
    await work(dataSource, dialect);
  } finally {
    await dataSource.destroy();
  }
}

/** Each kind of scan has its own, so that a look-up for subscribers never waits for a count. */
const readThreadsOf = (path: string) => ({
  counts: createReadThread(path),
  pages: createReadThread(path),
  changes: createReadThread(path),
});

/** Connects to a database. Nothing is written: see `migrate`. */
export async function openDatabase(
  options: DatabaseOptions,
  random: () => number = Math.random,
): Promise<Database> {
  const address = parseDatabaseAddress(options.url);
  const { kind } = address;
  const dialect = dialectOf(kind);
  const dataSources = createDataSources(options);
  await connect(dataSources);
  const { writer, ownReader } = dataSources;
  const reader = ownReader ?? writer;
  const threads = address.kind === 'embedded' ? readThreadsOf(address.path) : null;
  const queued = createTransactionQueue();
  const permits = permitsOf(options.poolSize ?? defaultPoolSize);
  const stateChanges = createGate(permits.stateChanges);
  const lockWaits = createGate(permits.lockWaits);
  const otherWrites = createGate(permits.otherWrites);

  async function once<Result>(work: TransactionWork<Result>, attempt: number): Promise<Result> {
    const runner = writer.createQueryRunner('master');
    try {
      const connection = kind === 'embedded' ? yieldBetweenStatements(runner.manager) : runner.manager;
      return await inTransaction(runner, dialect.begin, () => work(connection, attempt));
    } finally {
      // The embedded runner is the one connection itself, and stays.
      if (kind !== 'embedded') await runner.release();
    }
  }

  async function transaction<Result>(
    work: TransactionWork<Result>,
    { onLockTimeout = 'retry', signal }: TransactionOptions = {},
  ): Promise<Result> {
    const end = performance.now() + maxLockMilliseconds;
    const isInTime = (): boolean => performance.now() < end;
    // The embedded database is busy for as long as another process writes to the file.
    if (kind === 'embedded')
      return retryOnDeadlock(attempt => queued(() => once(work, attempt)), isInTime, random);
    const mayRetry = (error: unknown, attempts: number): boolean =>
      errorKindOf(error) === 'lockTimeout' ? onLockTimeout === 'retry' && isInTime() : attempts < maxAttempts;
    return throughGate(onLockTimeout === 'retry' ? otherWrites : stateChanges, signal, () =>
      retryOnDeadlock(attempt => once(work, attempt), mayRetry, random),
    );
  }

  return {
    kind,
    dialect,
    writer,
    primary: kind === 'embedded' ? reader : writer,
    reader,
    transaction,
    lockWaits,
    scan: threads === null ? createServerScan(permits) : createEmbeddedScan(threads),
    exclusively: createExclusively(writer, dialect),
    migrate: () => migrateWithoutLimit(options, writer, dialect, migrate),
    revertMigration: () => migrateWithoutLimit(options, writer, dialect, revertMigration),
    migrationStatus: () => migrationStatus(writer),
    async isReady() {
      if ((await migrationStatus(writer)).missing > 0) return false;
      // Changes nothing, and is rejected by a server that only reads.
      if (kind !== 'embedded') await writer.query('UPDATE migration SET name = name WHERE 1 = 0');
      return true;
    },
    async close() {
      for (const thread of Object.values(threads ?? {})) await thread.close();
      await writer.destroy();
      await ownReader?.destroy();
    },
  };
}
