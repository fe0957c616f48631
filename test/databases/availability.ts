import { isContinuousIntegration } from './commands';
import { findProgram } from './programs';
import { isSupported, type Search, type ServerKind, type ServerProgram } from './serverProgram';
import { askVersion } from './sql';

/** The databases that the product runs on; `embedded` needs no server. */
export const databaseKinds = ['embedded', 'mysql', 'mariadb'] as const;
export type DatabaseKind = (typeof databaseKinds)[number];

/** Where the databases of a kind come from: a server that someone else runs, or one to start. */
export type ServerSource =
  | { type: 'running'; url: string; version: string }
  | { type: 'startable'; program: ServerProgram };

/** What a test run has to work with. */
export interface Availability {
  sources: Partial<Record<ServerKind, ServerSource>>;
  /** Which kinds the run leaves out, each with the reason in a few words. */
  leftOut: { kind: DatabaseKind; reason: string }[];
}

const serverVariables = { mysql: 'TEST_DATABASE_URL', mariadb: 'TEST_MARIADB_URL' } as const;
const selectionVariable = 'SWITCHYARD_TEST_DATABASES';

/**
 * Finds a database of every kind that was asked for.
 *
 * @throws Error where one is missing that the run must not leave out.
 */
export async function findDatabases(): Promise<Availability> {
  const selection = readSelection();
  const available: Availability = { sources: {}, leftOut: [] };
  for (const kind of databaseKinds) {
    if (!selection.includes(kind)) {
      available.leftOut.push({ kind, reason: `${selectionVariable} does not name it` });
      continue;
    }
    if (kind === 'embedded') continue;
    const search = await findSource(kind);
    if (search.found) available.sources[kind] = search.thing;
    else available.leftOut.push({ kind, reason: search.reason });
  }
  requireServers(selection, available);
  return available;
}

function readSelection(): readonly DatabaseKind[] {
  const text = process.env[selectionVariable];
  if (text === undefined || text === '') return databaseKinds;
  return text.split(',').map(name => {
    const kind = databaseKinds.find(candidate => candidate === name.trim());
    if (kind !== undefined) return kind;
    throw new Error(`${selectionVariable}: "${name}" is none of ${databaseKinds.join(', ')}`);
  });
}

async function findSource(kind: ServerKind): Promise<Search<ServerSource>> {
  const url = process.env[serverVariables[kind]];
  if (url !== undefined && url !== '') return { found: true, thing: await reach(kind, url) };
  const search = await findProgram(kind);
  return search.found ? { found: true, thing: { type: 'startable', program: search.thing } } : search;
}

async function reach(kind: ServerKind, url: string): Promise<ServerSource> {
  const version = await askVersion(url);
  if (version === null) throw new Error(`${serverVariables[kind]}: no server answers there`);
  const actualKind = version.includes('MariaDB') ? 'mariadb' : 'mysql';
  if (actualKind !== kind)
    throw new Error(`${serverVariables[kind]}: that server is ${actualKind} ${version}`);
  if (!isSupported(kind, version)) throw new Error(`${serverVariables[kind]}: version ${version} is too old`);
  const address = new URL(url);
  return { type: 'running', url: `${kind}:${address.href.slice(address.protocol.length)}`, version };
}

/** MariaDB may stand in for MySQL where that cannot be had, but not on a build machine. */
function requireServers(selection: readonly DatabaseKind[], { sources, leftOut }: Availability): void {
  const missing = leftOut.filter(({ kind }) => selection.includes(kind));
  const mayGoOn = isContinuousIntegration()
    ? missing.length === 0
    : sources.mysql !== undefined || sources.mariadb !== undefined || !selection.includes('mysql');
  if (mayGoOn) return;
  throw new Error(
    [
      'The tests need real database servers.',
      ...missing.map(({ kind, reason }) => `No ${kind}: ${reason}.`),
      ...advice,
    ].join('\n'),
  );
}

const advice = [
  'Do one of these:',
  '- install MySQL 8.4 or newer, so that mysqld is on PATH (MariaDB: mariadbd, 10.11 or newer);',
  '- name servers on which the tests may create databases:',
  '    docker run --rm --detach --publish 127.0.0.1:3306:3306 --env MYSQL_ALLOW_EMPTY_PASSWORD=yes mysql:8.4',
  `    ${serverVariables.mysql}=mysql://root@127.0.0.1:3306 npm test`,
  `  (${serverVariables.mariadb} for MariaDB);`,
  `- run the tests that need no server: ${selectionVariable}=embedded npm test`,
];
