import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { listenOn } from '../../src/http/sockets/listen';
import type { Prefect } from './findPrefect';

/** A Prefect server with a database of its own. */
export interface RunningPrefect {
  /** `http://127.0.0.1:PORT` */
  url: string;
  stop(): Promise<void>;
}

const readyMilliseconds = 120_000;
const pollMilliseconds = 200;
const stopMilliseconds = 10_000;

async function findFreePort(): Promise<number> {
  const probe = createServer();
  const { port } = await listenOn(probe, { host: '127.0.0.1', port: 0 });
  await new Promise<void>(done => void probe.close(() => done()));
  return port;
}

/** The environment without Prefect's own settings, which would lead to another server. */
const ownEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || name.startsWith('PREFECT_') ? [] : [[name, value] as const],
    ),
  );

const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

function signalAll({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    // It is the first of a group of processes.
    process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const ended = once(child, 'exit');
  signalAll(child, 'SIGTERM');
  const timer = setTimeout(() => signalAll(child, 'SIGKILL'), stopMilliseconds);
  await ended;
  clearTimeout(timer);
}

const isHealthy = (url: string): Promise<boolean> =>
  fetch(`${url}/api/health`).then(
    ({ ok }) => ok,
    () => false,
  );

/**
 * Starts a Prefect server on a free port of this machine, with an empty database in a folder. It ends with this process.
 *
 * @throws Error where it does not come up; the folder has its log.
 */
export async function startPrefect({ python }: Prefect, name: string): Promise<RunningPrefect> {
  const folder = resolve(name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const log = openSync(`${folder}/log`, 'a');
  const options = ['--host', '127.0.0.1', '--port', String(port), '--no-services'];
  const child = spawn(python, ['-m', 'prefect', 'server', 'start', ...options], {
    env: {
      ...ownEnvironment(),
      PREFECT_HOME: folder,
      PREFECT_API_DATABASE_CONNECTION_URL: `sqlite+aiosqlite:///${folder}/prefect.db`,
      PREFECT_SERVER_ANALYTICS_ENABLED: 'false',
      DO_NOT_TRACK: '1',
    },
    // A group of its own: Ctrl-C reaches this process, which ends that one when nothing needs it any more.
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let failure: Error | null = null;
  child.once('error', error => {
    failure = error;
  });
  process.once('exit', () => signalAll(child, 'SIGKILL'));
  const end = performance.now() + readyMilliseconds;
  while (!(await isHealthy(url))) {
    if (failure !== null || !isRunning(child) || performance.now() > end) {
      await stop(child);
      throw new Error(`The Prefect server did not start: see ${name}/log`);
    }
    await wait(pollMilliseconds);
  }
  return { url, stop: () => stop(child) };
}
