import { setImmediate } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import { connect, createDataSource, type DatabaseOptions } from './dataSource';
import { type DatabaseKind, type Dialect, databaseKindOf, dialectOf } from './dialect';
import { isRetryable } from './errorKind';
import { migrate, pendingMigrations } from './migrate';
import { createExclusively } from './namedLocks';
import { connectReplicas } from './replicas';
import type { Connection } from './statements';

/** Where rows are read. */
export type Source = DataSource;

/** What is done in one transaction; `attempt` counts from 0. */
export type TransactionWork<Result> = (connection: Connection, attempt: number) => Promise<Result>;

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
   * Runs work in one transaction that will write, and runs it anew, after a pause, where the database broke it off for
   * another's sake (deadlock, lock wait). Never within another transaction.
   */
  transaction<Result>(work: TransactionWork<Result>): Promise<Result>;
  /**
   * Runs work unless other work under the same name is under way, in this process or in another; then answers null at
   * once. The work may use transactions of its own: on a server it needs a second connection.
   */
  exclusively<Result>(name: string, work: () => Promise<Result>): Promise<Result | null>;
  /** Brings the tables up to date; two processes that start at once take turns. */
  migrate(): Promise<void>;
  /** Whether the database answers and its tables are up to date; throws where it does not answer. */
  isReady(): Promise<boolean>;
  close(): Promise<void>;
}

const mostAttempts = 12;
const longestPauseMilliseconds = 500;

/** A queue of one: the embedded database has one connection that writes. */
function takingTurns(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return work => {
    const turn = last.then(work);
    // The driver answers without ever waiting: between two turns, requests that came in meanwhile are to be heard.
    last = turn.catch(() => undefined).then(() => setImmediate());
    return turn;
  };
}

/** Waits for work; where that fails, cleans up before it says so. */
async function orElse<Result>(work: Promise<Result>, cleanUp: () => Promise<void>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, milliseconds));

async function inTransaction<Result>(
  runner: QueryRunner,
  begin: string,
  work: () => Promise<Result>,
): Promise<Result> {
  await runner.query(begin);
  try {
    const result = await work();
    await runner.query('COMMIT');
    return result;
  } catch (error) {
    // Where the connection is lost the database has rolled back already, and says so by failing here too.
    await runner.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Connects to a database. Nothing is written: see `migrate`. */
export async function openDatabase(
  options: DatabaseOptions,
  random: () => number = Math.random,
): Promise<Database> {
  const kind = databaseKindOf(options.url);
  const dialect = dialectOf(kind);
  const writer = await connect(createDataSource(options.url, options));
  const [firstReplica, ...otherReplicas] = options.replicaUrls ?? [];
  const openReader = (): Promise<DataSource> | null => {
    if (kind === 'embedded') return connect(createDataSource(options.url, options));
    return firstReplica ? connectReplicas([firstReplica, ...otherReplicas], writer, options) : null;
  };
  const ownReader = await orElse(Promise.resolve(openReader()), () => writer.destroy());
  const reader = ownReader ?? writer;
  const turns = takingTurns();

  async function once<Result>(work: TransactionWork<Result>, attempt: number): Promise<Result> {
    const runner = writer.createQueryRunner('master');
    try {
      return await inTransaction(runner, dialect.begin, () => work(runner, attempt));
    } finally {
      // The embedded runner is the one connection itself, and stays.
      if (kind !== 'embedded') await runner.release();
    }
  }

  async function transaction<Result>(work: TransactionWork<Result>): Promise<Result> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await (kind === 'embedded' ? turns(() => once(work, attempt)) : once(work, attempt));
      } catch (error) {
        if (!isRetryable(error) || attempt + 1 >= mostAttempts) throw error;
        await pause(random() * Math.min(longestPauseMilliseconds, 5 * 2 ** attempt));
      }
    }
  }

  return {
    kind,
    dialect,
    writer,
    primary: kind === 'embedded' ? reader : writer,
    reader,
    transaction,
    exclusively: createExclusively(writer, dialect),
    migrate: () => migrate(writer, dialect),
    isReady: async () => (await pendingMigrations(writer)) === 0,
    async close() {
      await writer.destroy();
      await ownReader?.destroy();
    },
  };
}
