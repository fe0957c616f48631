import { setTimeout as pause } from 'node:timers/promises';
import { type Database, openDatabase } from './database';
import type { DatabaseOptions } from './dataSource';
import { errorKindOf, isUnavailable } from './errorKind';

/** The database turned this process away: waiting would not help. */
export class DatabaseRefusedError extends Error {
  override readonly name = 'DatabaseRefusedError';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

const firstPauseSeconds = 0.5;
const maxPauseSeconds = 5;

async function openAndMigrate(options: DatabaseOptions, migrate: boolean): Promise<Database> {
  const database = await openDatabase(options);
  try {
    if (migrate) await database.migrate();
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/**
 * Opens a database, and brings its tables up to date where that is asked for. A server that does not respond is tried
 * again without end, less often each time, and `onWait` receives the reason and the delay.
 *
 * @throws DatabaseRefusedError where the database does not accept this process: a wrong password, no such database.
 */
export async function openWhenReachable(
  options: DatabaseOptions & { migrate: boolean },
  onWait: (error: unknown, seconds: number) => void,
): Promise<Database> {
  for (let seconds = firstPauseSeconds; ; seconds = Math.min(2 * seconds, maxPauseSeconds)) {
    try {
      return await openAndMigrate(options, options.migrate);
    } catch (error) {
      if (errorKindOf(error) === 'refused') throw new DatabaseRefusedError(error);
      if (!isUnavailable(error)) throw error;
      onWait(error, seconds);
      await pause(seconds * 1000);
    }
  }
}
