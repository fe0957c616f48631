import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '../../src/persistence/connection/database';
import { withLock } from '../databases/lock';
import type { ServerKind } from '../databases/serverProgram';
import { createDatabase, dropDatabase, readContent } from '../databases/sql';
import { currentTestRun } from '../databases/testRun';

/**
 * Returns a file of the test run, which the first process that asks makes: to run all migrations takes most of the time that it
 * takes to start a gateway on an empty database.
 */
async function madeOnce(name: string, make: (unfinished: string) => Promise<void>): Promise<string> {
  const file = join(currentTestRun().folder, name);
  if (existsSync(file)) return file;
  await withLock(`${file}.lock`, async () => {
    if (existsSync(file)) return;
    const unfinished = `${file}.unfinished`;
    await make(unfinished);
    await rename(unfinished, file);
  });
  return file;
}

async function migrate(url: string): Promise<void> {
  const database = await openDatabase({ url });
  try {
    await database.migrate();
    // A file is copied alone, without the log beside it, which may stay when it is closed.
    if (database.kind === 'embedded') await database.writer.query('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    await database.close();
  }
}

/** The file of an embedded database in which all migrations have run, to be copied. */
export const migratedFile = (): Promise<string> =>
  madeOnce('migrated.db', unfinished => migrate(`file:${unfinished}`));

/** The statements that make what all migrations leave in an empty database of a server. */
export async function migratedContent(kind: ServerKind, serverUrl: string): Promise<string> {
  const file = await madeOnce(`migrated-${kind}.sql`, async unfinished => {
    const url = await createDatabase(serverUrl);
    try {
      await migrate(url);
      await writeFile(unfinished, await readContent(url));
    } finally {
      await dropDatabase(url);
    }
  });
  return readFile(file, 'utf8');
}
