import { openDatabase } from '../../../src/persistence/connection/database';

/** Migrates the database that the command line names: a process of its own, for tests that need several. */
async function main(): Promise<void> {
  const database = await openDatabase({ url: process.argv[2] ?? '' });
  try {
    await database.migrate();
  } finally {
    await database.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
