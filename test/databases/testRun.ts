import { type DatabaseKind, databaseKinds } from './availability';
import type { ServerKind } from './serverProgram';

/** What every process that runs tests knows of the whole run. */
interface TestRun {
  /** Where servers are asked for. */
  address: string;
  /** Where files of the run go that are removed with it. */
  folder: string;
  /** The kinds of database that the tests run on. */
  kinds: readonly DatabaseKind[];
  /** The kinds of server of which a test can start one of its own. */
  startable: readonly ServerKind[];
  /** Why no Prefect server can be started; null where one can. */
  missingPrefect: string | null;
}

const variables = {
  address: 'SWITCHYARD_TEST_SERVERS',
  folder: 'SWITCHYARD_TEST_FOLDER',
  kinds: 'SWITCHYARD_TEST_KINDS',
  startable: 'SWITCHYARD_TEST_STARTABLE',
  missingPrefect: 'SWITCHYARD_TEST_MISSING_PREFECT',
} as const;

/** Leaves word of the test run for the processes that run its tests: they inherit the environment. */
export function announceTestRun({ address, folder, kinds, startable, missingPrefect }: TestRun): void {
  process.env[variables.address] = address;
  process.env[variables.folder] = folder;
  process.env[variables.kinds] = kinds.join(',');
  process.env[variables.startable] = startable.join(',');
  process.env[variables.missingPrefect] = missingPrefect ?? '';
}

/** Whether this process runs tests, or was started by one that does. */
export const isInTestRun = (): boolean => process.env[variables.address] !== undefined;

/** What the test run was announced to be. */
export function currentTestRun(): TestRun {
  const address = process.env[variables.address];
  const folder = process.env[variables.folder];
  if (address === undefined || folder === undefined) {
    throw new Error('this works only in tests that jest runs with the configured setup');
  }
  const named = (variable: string) => (process.env[variable] ?? '').split(',');
  const kinds = databaseKinds.filter(kind => named(variables.kinds).includes(kind));
  const startable = (['mysql', 'mariadb'] as const).filter(kind => named(variables.startable).includes(kind));
  const missingPrefect = process.env[variables.missingPrefect] || null;
  return { address, folder, kinds, startable, missingPrefect };
}

/** What this run lacks for tests that stop and start a MySQL server; null if it can start one. */
export const missingMysql = (): string | null =>
  currentTestRun().startable.includes('mysql') ? null : 'this run can start no MySQL server';

/** What this run lacks for tests with a Prefect server; null if it can start one. */
export const missingPrefect = (): string | null => currentTestRun().missingPrefect;
