import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findOnPath, isRoot, lastLines } from './commands';
import { type Guard, guardFolder } from './guard';
import { findProgram } from './programs';
import type { ServerKind, ServerProgram } from './serverProgram';
import { askVersion } from './sql';

export interface ServerSettings {
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
  /** Without a database: `mysql://root@127.0.0.1:3311`. */
  readonly url: string;
  readonly port: number;
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
export const startMysql = (settings?: ServerSettings): Promise<DatabaseServer> => startKind('mysql', settings);

/**
 * Starts a MariaDB server of its own on a free port.
 *
 * @throws Error where this machine has no MariaDB, or where it does not come up.
 */
export const startMariadb = (settings?: ServerSettings): Promise<DatabaseServer> => startKind('mariadb', settings);

async function startKind(kind: ServerKind, settings?: ServerSettings): Promise<DatabaseServer> {
  const search = await findProgram(kind);
  if (!search.found) throw new Error(`${kind} cannot be started: ${search.reason}`);
  return startServer(search.thing, settings);
}

/** Starts a server from a program that was found before. */
export async function startServer(program: ServerProgram, settings: ServerSettings = {}): Promise<DatabaseServer> {
  const folder = await mkdtemp(join(tmpdir(), `switchyard-${program.kind}-`));
  const guard = guardFolder(folder);
  try {
    await initialise(program, folder, guard, settings);
    return await open(program, folder, guard, settings);
  } catch (error) {
    await guard.finish();
    throw error;
  }
}

async function open(
  program: ServerProgram,
  folder: string,
  guard: Guard,
  settings: ServerSettings,
): Promise<DatabaseServer> {
  const port = await findFreePort();
  const url = `${program.kind}://root@127.0.0.1:${port}`;
  const start = () => launch(program, folder, guard, [
      `--port=${port}`,
      `--init-file=${join(folder, 'grants.sql')}`,
      ...optionsFor(program.kind, settings),
    ]);

  let running: ChildProcess | null = await startUntilReady(start, url, folder);
  const end = async (signal: NodeJS.Signals) => {
    if (running === null) return;
    await endProcess(running, signal);
    running = null;
    guard.watch(null);
  };

  return {
    kind: program.kind,
    version: program.version,
    url,
    port,
    kill: () => end('SIGKILL'),
    restart: async () => {
      await end('SIGTERM');
      running = await startUntilReady(start, url, folder);
    },
    stop: async () => {
      await end('SIGKILL');
      await guard.finish();
    },
  };
}

const grants = [
  "CREATE USER IF NOT EXISTS 'root'@'127.0.0.1' IDENTIFIED BY '';",
  "GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;",
  '',
].join('\n');

async function initialise(
  program: ServerProgram,
  folder: string,
  guard: Guard,
  settings: ServerSettings,
): Promise<void> {
  await writeFile(join(folder, 'grants.sql'), grants);
  const child =
    program.kind === 'mysql'
      ? launch(program, folder, guard, ['--initialize-insecure', ...optionsFor('mysql', settings)])
      : installMariadb(folder, guard);
  const code = await ended(child);
  guard.watch(null);
  if (code !== 0) throw new Error(`${program.kind} could not make its data folder:\n${await readLog(folder)}`);
}

function installMariadb(folder: string, guard: Guard): ChildProcess {
  const installer = findOnPath('mariadb-install-db') ?? findOnPath('mysql_install_db');
  if (installer === null) throw new Error('mariadb-install-db is not on PATH');
  return spawnLogged(installer, folder, guard, [
    '--no-defaults',
    `--datadir=${join(folder, 'data')}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...(isRoot() ? ['--user=root'] : []),
  ]);
}

function launch(program: ServerProgram, folder: string, guard: Guard, options: readonly string[]): ChildProcess {
  const [command, ...beginning] = program.command;
  return spawnLogged(command, folder, guard, [
    ...beginning,
    '--no-defaults',
    ...program.options,
    `--datadir=${join(folder, 'data')}`,
    `--socket=${join(folder, 'socket')}`,
    `--pid-file=${join(folder, 'pid')}`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
    ...(isRoot() ? ['--user=root'] : []),
    ...options,
  ]);
}

/** Everything is faster where nothing has to outlive a power failure; killing the server alone loses nothing. */
const notDurable = {
  mysql: ['--skip-log-bin', '--performance-schema=OFF', '--innodb-doublewrite=OFF'],
  mariadb: ['--innodb-doublewrite=0'],
} as const;

const always = {
  mysql: ['--mysqlx=OFF', '--secure-file-priv=NULL'],
  mariadb: [],
} as const;

const optionsFor = (kind: ServerKind, { durable = false, options = [] }: ServerSettings): string[] => [
  ...always[kind],
  ...(durable ? [] : [...notDurable[kind], '--innodb-flush-log-at-trx-commit=2']),
  ...options,
];

function spawnLogged(command: string, folder: string, guard: Guard, options: readonly string[]): ChildProcess {
  const log = openSync(join(folder, 'log'), 'a');
  // A group of its own, so that a Ctrl-C in the terminal reaches the tests and leaves the server to its guard.
  const child = spawn(command, options, { cwd: folder, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  guard.watch(child);
  return child;
}

const readyWithinMilliseconds = 60_000;
const pollMilliseconds = 50;

async function startUntilReady(start: () => ChildProcess, url: string, folder: string): Promise<ChildProcess> {
  const child = start();
  const deadline = Date.now() + readyWithinMilliseconds;
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    if ((await askVersion(url)) !== null) {
      child.unref();
      return child;
    }
    await sleep(pollMilliseconds);
  }
  await endProcess(child, 'SIGKILL');
  throw new Error(`the server at ${url} did not come up:\n${await readLog(folder)}`);
}

async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  await ended(child);
}

async function ended(child: ChildProcess): Promise<number | null> {
  child.ref();
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

const readLog = async (folder: string): Promise<string> =>
  lastLines(await readFile(join(folder, 'log'), 'utf8').catch(() => 'it wrote no log'));

// Below the ports that systems give to outgoing connections: one of those could take the place of a server
// that is about to be restarted.
const lowestPort = 20_000;
const highestPort = 32_000;

async function findFreePort(): Promise<number> {
  for (;;) {
    const port = lowestPort + Math.floor(Math.random() * (highestPort - lowestPort));
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
