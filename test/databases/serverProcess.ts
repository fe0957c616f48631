import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRoot, lastLines } from './commands';
import type { Guard } from './guard';
import type { ServerProgram } from './serverProgram';

/** A folder in which a server works: its data, socket and log. */
export interface ServerFolder {
  path: string;
  guard: Guard;
}

const alwaysNeeded = {
  mysql: ['--mysqlx=OFF', '--secure-file-priv=NULL'],
  mariadb: [],
} as const;

/** Runs a server program in a folder. */
export function launch(
  program: ServerProgram,
  folder: ServerFolder,
  options: readonly string[],
): ChildProcess {
  const [command, ...beginning] = program.command;
  // A MariaDB server that starts deletes the temporary tables of every other server that shares its folder for them.
  const temporary = join(folder.path, 'temporary');
  mkdirSync(temporary, { recursive: true });
  return launchCommand(command, folder, [
    ...beginning,
    '--no-defaults',
    ...program.options,
    ...alwaysNeeded[program.kind],
    `--datadir=${join(folder.path, 'data')}`,
    `--tmpdir=${temporary}`,
    `--socket=${join(folder.path, 'socket')}`,
    `--pid-file=${join(folder.path, 'pid')}`,
    ...asRoot(),
    ...options,
  ]);
}

/** Servers refuse to run as root without this option. */
export const asRoot = (): string[] => (isRoot() ? ['--user=root'] : []);

/** Runs any command in a folder, watched by the folder's guard; what it prints goes to the folder's log. */
export function launchCommand(
  command: string,
  folder: ServerFolder,
  options: readonly string[],
): ChildProcess {
  const log = openSync(join(folder.path, 'log'), 'a');
  // A group of its own, so that a Ctrl-C in the terminal reaches the tests and leaves the server to its guard.
  const child = spawn(command, options, { cwd: folder.path, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  folder.guard.watch(child);
  return child;
}

/** Whether a process still runs. */
export const isRunning = (child: ChildProcess): boolean =>
  child.exitCode === null && child.signalCode === null;

/** Waits for a process to end by itself and returns its exit code. */
export async function ended(child: ChildProcess): Promise<number | null> {
  child.ref();
  if (isRunning(child)) await once(child, 'exit');
  return child.exitCode;
}

/** Ends a process. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  await ended(child);
}

/** The end of what a server wrote to its log. */
export const readLog = async (folder: ServerFolder): Promise<string> =>
  lastLines(await readFile(join(folder.path, 'log'), 'utf8').catch(() => 'it wrote no log'));
