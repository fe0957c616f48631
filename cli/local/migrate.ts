import { openConfiguredDatabase } from '../../src/bootstrap';
import { ConfigurationError, readConfig } from '../../src/config/config';
import type { Database } from '../../src/persistence/connection/database';
import { createLogger } from '../../src/platform/logging';
import { UsageError } from '../errors';
import { type OutputFormat, printOne } from '../output';

async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  try {
    const config = readConfig({ ...process.env, MIGRATE: 'off' });
    // Lines about a database that does not respond yet are messages, not data.
    const logger = createLogger('warn', process.stderr);
    const database = await openConfiguredDatabase(config, logger, () => undefined);
    try {
      await work(database);
    } finally {
      await database.close();
    }
  } catch (error) {
    throw error instanceof ConfigurationError ? new UsageError(error.message) : error;
  }
}

interface Status {
  readonly missing: number;
  readonly unknown: number;
}

async function printStatus(database: Database, format: OutputFormat): Promise<void> {
  const view = {
    columns: [
      { title: 'missing', of: ({ missing }: Status) => missing },
      { title: 'unknown', of: ({ unknown }: Status) => unknown },
    ],
    name: ({ missing }: Status) => String(missing),
  };
  printOne(await database.migrationStatus(), view, format);
}

/** What can be done with the migrations of the database that the settings name. */
export type MigrationStep = 'up' | 'down' | 'status';

/**
 * Takes a step, and prints how many migrations have not run yet, and how many have that this version does not know.
 *
 * @throws UsageError for settings that are invalid, or a database that refuses this process.
 */
export const migrateHere = (step: MigrationStep, format: OutputFormat): Promise<void> =>
  withDatabase(async database => {
    if (step === 'up') await database.migrate();
    if (step === 'down') await database.revertMigration();
    await printStatus(database, format);
  });
