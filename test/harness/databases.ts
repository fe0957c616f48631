import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type DatabaseKind, databaseKinds } from '../databases/availability';
import { askForServer } from '../databases/onDemand';
import { createDatabase, dropDatabase } from '../databases/sql';
import { currentTestRun } from '../databases/testRun';

export type { DatabaseKind };

/** An empty database of a describe block's own. */
export interface TestDatabase {
  readonly kind: DatabaseKind;
  /**
   * `file:PATH`, `mysql://root@127.0.0.1:PORT/NAME` or `mariadb://...`. Only hooks and tests may read it: the
   * database is made before the first of them.
   */
  readonly url: string;
}

/**
 * Declares a describe block for every kind of database, each with an empty database of its own that is gone
 * after its last test.
 */
export const describeOnEveryDatabase = (name: string, body: (database: TestDatabase) => void): void =>
  describeOnDatabases(databaseKinds, name, body);

/** The same for some kinds of database only. */
export function describeOnDatabases(
  kinds: readonly DatabaseKind[],
  name: string,
  body: (database: TestDatabase) => void,
): void {
  const available = currentTestRun().kinds;
  for (const kind of kinds) {
    describe(`${name} [${kind}]`, () => {
      // Only if the run is configured to leave this kind out, or a developer's machine lacks its server: under continuous
      // integration the run fails before. Without a test the file would count as failed.
      if (available.includes(kind)) declareOn(kind, body);
      else test.todo('left out of this run');
    });
  }
}

const serverStartMilliseconds = 120_000;

function declareOn(kind: DatabaseKind, body: (database: TestDatabase) => void): void {
  let made: MadeDatabase | null = null;
  beforeAll(async () => {
    made = kind === 'embedded' ? await makeFile() : await makeOnServer(kind);
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

async function makeFile(): Promise<MadeDatabase> {
  const folder = await mkdtemp(join(currentTestRun().folder, 'embedded-'));
  return {
    url: `file:${join(folder, 'test.db')}`,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function makeOnServer(kind: 'mysql' | 'mariadb'): Promise<MadeDatabase> {
  const url = await createDatabase(await askForServer(currentTestRun().address, kind));
  return { url, remove: () => dropDatabase(url) };
}
