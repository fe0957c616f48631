import type { ChildProcess } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeDataFolder } from './dataFolder';
import { fastFolder } from './fastFolder';
import { findFreePort } from './freePort';
import { guardFolder } from './guard';
import { findProgram } from './programs';
import { end, isRunning, launch, readLog, type ServerFolder } from './serverProcess';
import type { ServerKind, ServerProgram } from './serverProgram';
import { askVersion } from './sql';

interface ServerSettings {
  /**
   * Whether a commit survives a power failure, as in the server's own defaults; what measures speed needs it.
   * Default: false, which is faster, and loses nothing when only the server is killed.
   */
  durable?: boolean;
  /** More options for the server's command line, such as `--lock-wait-timeout=1`. Default: none. */
  options?: readonly string[];
}

/** A private database server with a data folder of its own. It never outlives the process that started it. */
export interface DatabaseServer {
  readonly kind: ServerKind;
  readonly version: string;
  /** Without a database: `mysql://root@127.0.0.1:23306`. */
  readonly url: string;
  readonly port: number;
  /** The end of its log, where it does not run; null where it does. */
  whyEnded(): Promise<string | null>;
  /** Ends it at once, as `kill -9` does. Its data stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data, shutting it down properly first where it still runs. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts a MySQL server of its own on a free port.
 *
 * @throws Error where this machine has no MySQL and none can be fetched, or where it does not come up.
 */
export const startMysql = (settings?: ServerSettings): Promise<DatabaseServer> =>
  findAndStart('mysql', settings);

/**
 * Starts a MariaDB server of its own on a free port.
 *
 * @throws Error where this machine has no MariaDB, or where it does not come up.
 */
export const startMariadb = (settings?: ServerSettings): Promise<DatabaseServer> =>
  findAndStart('mariadb', settings);

async function findAndStart(kind: ServerKind, settings?: ServerSettings): Promise<DatabaseServer> {
  const search = await findProgram(kind);
  if (!search.found) throw new Error(`${kind} cannot be started: ${search.reason}`);
  return startServer(search.thing, settings);
}

/** Starts a server from a program that was found before. */
export async function startServer(
  program: ServerProgram,
  settings: ServerSettings = {},
): Promise<DatabaseServer> {
  const parent = settings.durable === true ? tmpdir() : await fastFolder();
  const path = await mkdtemp(join(parent, `switchyard-${program.kind}-`));
  const folder = { path, guard: guardFolder(path) };
  try {
    await makeDataFolder(program, join(path, 'data'));
    await writeFile(join(path, 'grants.sql'), grants);
    return await open(program, folder, settings);
  } catch (error) {
    await folder.guard.finish();
    throw error;
  }
}

// Names are not resolved, so the root that may come from "localhost" only would be rejected.
const grants = [
  "CREATE USER IF NOT EXISTS 'root'@'127.0.0.1' IDENTIFIED BY '';",
  "GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;",
  '',
].join('\n');

async function open(
  program: ServerProgram,
  folder: ServerFolder,
  settings: ServerSettings,
): Promise<DatabaseServer> {
  const port = await findFreePort();
  const url = `${program.kind}://root@127.0.0.1:${port}`;
  const options = [
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
    `--init-file=${join(folder.path, 'grants.sql')}`,
    ...(settings.durable === true ? [] : notDurable[program.kind]),
    ...(settings.options ?? []),
  ];
  const start = () => untilReady(launch(program, folder, options), folder, url);

  let running = await start();
  return {
    kind: program.kind,
    version: program.version,
    url,
    port,
    whyEnded: async () => (isRunning(running) ? null : readLog(folder)),
    kill: () => end(running, 'SIGKILL'),
    restart: async () => {
      await end(running, 'SIGTERM');
      running = await start();
    },
    stop: async () => {
      await end(running, 'SIGKILL');
      await folder.guard.finish();
    },
  };
}

const notDurable = {
  mysql: [
    '--innodb-flush-log-at-trx-commit=2',
    '--innodb-doublewrite=OFF',
    '--innodb-flush-method=nosync',
    '--skip-log-bin',
    '--performance-schema=OFF',
  ],
  mariadb: [
    '--innodb-flush-log-at-trx-commit=2',
    '--innodb-doublewrite=0',
    '--innodb-flush-method=nosync',
    '--debug-no-sync',
  ],
} as const;

const readyWithinMilliseconds = 60_000;
const pollMilliseconds = 50;

async function untilReady(child: ChildProcess, folder: ServerFolder, url: string): Promise<ChildProcess> {
  const deadline = Date.now() + readyWithinMilliseconds;
  while (isRunning(child) && Date.now() < deadline) {
    if ((await askVersion(url)) !== null) {
      child.unref();
      return child;
    }
    await sleep(pollMilliseconds);
  }
  await end(child, 'SIGKILL');
  throw new Error(`the server at ${url} did not come up:\n${await readLog(folder)}`);
}
