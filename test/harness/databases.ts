import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type DatabaseKind, databaseKinds } from '../databases/availability';
import { askForServer } from '../databases/onDemand';
import type { ServerKind } from '../databases/serverProgram';
import { createDatabase, dropDatabase } from '../databases/sql';
import { currentTestRun } from '../databases/testRun';
import { migratedContent, migratedFile } from './migratedDatabase';

export { type DatabaseKind, databaseKinds };

/** What a database holds: the tables that the product makes, without rows, or nothing. */
type Content = 'migrated' | 'empty';

/** A database of a describe block's own, without rows. */
export interface TestDatabase {
  readonly kind: DatabaseKind;
  /**
   * `file:PATH`, `mysql://root@127.0.0.1:PORT/NAME` or `mariadb://...`. Only hooks and tests may read it: the
   * database is made before the first of them.
   */
  readonly url: string;
}

type Body = (database: TestDatabase) => void;

/**
 * Declares a describe block for every kind of database, each with a database of its own that is gone after its last test. All
 * migrations have run in it.
 */
export const describeOnEveryDatabase = (name: string, body: Body): void =>
  describeOnDatabases(databaseKinds, name, body);

/** The same for some kinds of database only. */
export const describeOnDatabases = (kinds: readonly DatabaseKind[], name: string, body: Body): void =>
  describeOn(kinds, 'migrated', name, body);

/** The same with databases in which nothing is, for some kinds, or for `databaseKinds`. */
export const describeOnEmptyDatabases = (kinds: readonly DatabaseKind[], name: string, body: Body): void =>
  describeOn(kinds, 'empty', name, body);

function describeOn(kinds: readonly DatabaseKind[], content: Content, name: string, body: Body): void {
  const available = currentTestRun().kinds;
  for (const kind of kinds) {
    describe(`${name} [${kind}]`, () => {
      // Only if the run is configured to leave this kind out, or a developer's machine lacks its server: under continuous
      // integration the run fails before. Without a test the file would count as failed.
      if (available.includes(kind)) declareOn(kind, content, body);
      else test.todo('left out of this run');
    });
  }
}

const serverStartMilliseconds = 120_000;

function declareOn(kind: DatabaseKind, content: Content, body: Body): void {
  let made: MadeDatabase | null = null;
  beforeAll(async () => {
    made = kind === 'embedded' ? await makeFile(content) : await makeOnServer(kind, content);
  }, serverStartMilliseconds);
  body({
    kind,
    get url() {
      if (made === null) throw new Error('the database is not made yet: read its url in a hook or a test');
      return made.url;
    },
  });
  // After the body's own, which end what still uses the database: they run in the order of declaration.
  afterAll(() => made?.remove());
}

interface MadeDatabase {
  url: string;
  remove(): Promise<void>;
}

async function makeFile(content: Content): Promise<MadeDatabase> {
  const folder = await mkdtemp(join(currentTestRun().folder, 'embedded-'));
  const file = join(folder, 'test.db');
  if (content === 'migrated') await copyFile(await migratedFile(), file);
  return {
    url: `file:${file}`,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function makeOnServer(kind: ServerKind, content: Content): Promise<MadeDatabase> {
  const serverUrl = await askForServer(currentTestRun().address, kind);
  const url = await createDatabase(
    serverUrl,
    content === 'migrated' ? await migratedContent(kind, serverUrl) : '',
  );
  return { url, remove: () => dropDatabase(url) };
}
