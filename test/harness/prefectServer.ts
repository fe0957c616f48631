import { copyFile, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fastFolder } from '../databases/fastFolder';
import { findFreePort } from '../databases/freePort';
import { guardFolder } from '../databases/guard';
import { isAlive } from '../databases/lock';
import { askForPrefect } from '../databases/onDemand';
import { findPrefect, type PrefectProgram, prefectEnvironment } from '../databases/prefect';
import { loadPrefect, type PrefectCommand, type PrefectForks } from '../databases/prefectForks';
import { readLog, type ServerFolder } from '../databases/serverProcess';
import { currentTestRun, isInTestRun } from '../databases/testRun';

/** What a Prefect server is to be like. */
interface PrefectSettings {
  /** User and password, joined by a colon, that every call must prove. Default: none. */
  authString?: string;
  /** Whether writes need a token against cross-site requests. Default: false. */
  csrf?: boolean;
  /** Whether its scheduler, its late-runs service and the storage of events run. Default: false, which starts faster. */
  services?: boolean;
  /** More settings of its own, such as `PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS`. */
  environment?: Readonly<Record<string, string>>;
}

/** A private Prefect server with a database file of its own. It never outlives the process that started it. */
export interface PrefectServer {
  /** `http://127.0.0.1:23306/api` */
  readonly apiUrl: string;
  readonly authString: string | undefined;
  /** Its database, an SQLite file; to be changed only while the server does not run. */
  readonly databaseFile: string;
  /** Ends it and all its processes at once, as `kill -9` does. Its data stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data; one that still runs is killed first. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

const readyWithinMilliseconds = 120_000;
const pollMilliseconds = 50;
const killPollMilliseconds = 5;

/**
 * Starts a Prefect server on a free port.
 *
 * @throws Error where this machine can run none, or where it does not come up.
 */
export async function startPrefectServer(settings: PrefectSettings = {}): Promise<PrefectServer> {
  const search = await findPrefect();
  if (!search.found) throw new Error(`Prefect cannot be started: ${search.reason}`);
  const { packages, database } = search.thing;
  const path = await mkdtemp(join(await fastFolder(), 'switchyard-prefect-'));
  const folder: ServerFolder = { path, guard: guardFolder(path) };
  const ownDatabase = join(path, 'prefect.db');
  await copyFile(database, ownDatabase);
  const port = await findFreePort();
  const apiUrl = `http://127.0.0.1:${port}/api`;
  const environment = {
    ...prefectEnvironment({ packages, home: join(path, 'home'), database: ownDatabase }),
    PREFECT_SERVER_DATABASE_MIGRATE_ON_START: 'false',
    // Nothing here uses blocks, and to write down their types takes a second.
    PREFECT_SERVER_REGISTER_BLOCKS_ON_START: 'false',
    ...(settings.authString !== undefined && { PREFECT_SERVER_API_AUTH_STRING: settings.authString }),
    ...(settings.csrf === true && { PREFECT_SERVER_CSRF_PROTECTION_ENABLED: 'true' }),
    ...settings.environment,
  };
  const words = ['server', 'start', '--host', '127.0.0.1', '--port', String(port)];
  const command: PrefectCommand = {
    words: settings.services === true ? words : [...words, '--no-services'],
    environment,
    folder: path,
    log: join(path, 'log'),
  };
  const launch = async () => {
    const pid = await forkPrefect(search.thing, command);
    folder.guard.watch({ pid });
    return pid;
  };
  const start = async () => untilHealthy(await launch(), folder, apiUrl);

  let running: number;
  try {
    running = await start();
  } catch (error) {
    await folder.guard.finish();
    throw error;
  }
  return {
    apiUrl,
    authString: settings.authString,
    databaseFile: ownDatabase,
    kill: () => killGroup(running),
    async restart() {
      await killGroup(running);
      running = await start();
    },
    async stop() {
      await killGroup(running);
      await folder.guard.finish();
    },
  };
}

/** What loaded Prefect for this process, where that is none of a test run. */
let ownForks: PrefectForks | null = null;

function forkPrefect(program: PrefectProgram, command: PrefectCommand): Promise<number> {
  if (isInTestRun()) return askForPrefect(currentTestRun().address, command);
  ownForks ??= loadPrefect(program, join(command.folder, 'home'));
  return ownForks.fork(command);
}

async function killGroup(pid: number): Promise<void> {
  if (isAlive(pid)) process.kill(-pid, 'SIGKILL');
  while (isAlive(pid)) await sleep(killPollMilliseconds);
}

async function untilHealthy(pid: number, folder: ServerFolder, apiUrl: string): Promise<number> {
  const deadline = Date.now() + readyWithinMilliseconds;
  while (isAlive(pid) && Date.now() < deadline) {
    const isHealthy = await fetch(`${apiUrl}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isHealthy) return pid;
    await sleep(pollMilliseconds);
  }
  await killGroup(pid);
  throw new Error(`the Prefect server at ${apiUrl} did not come up:\n${await readLog(folder)}`);
}
