import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** How a command ended. */
interface Outcome {
  /** null: it was ended by a signal, or could not be started at all. */
  code: number | null;
  /** What it printed, standard output and standard error together. */
  output: string;
}

interface RunOptions {
  /** Set on top of this process's own environment. */
  environment?: Readonly<Record<string, string>>;
  /** Milliseconds before the command is killed. Default: ten minutes. */
  timeout?: number;
}

/** Runs a command to its end and returns how it ended; never throws. */
export function run(
  command: string,
  options: readonly string[],
  settings: RunOptions = {},
): Promise<Outcome> {
  return new Promise(resolve => {
    const child = spawn(command, options, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...settings.environment },
      timeout: settings.timeout ?? 600_000,
      killSignal: 'SIGKILL',
    });
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', error => resolve({ code: null, output: output + error.message }));
    child.on('close', code => resolve({ code, output }));
  });
}

/**
 * Runs a command that has to succeed and returns what it printed.
 *
 * @throws Error with the end of what it printed, where it fails.
 */
export async function runOrThrow(
  command: string,
  options: readonly string[],
  settings?: RunOptions,
): Promise<string> {
  const { code, output } = await run(command, options, settings);
  if (code === 0) return output;
  throw new Error(`${command} ${options.join(' ')} failed (${String(code)}):\n${lastLines(output)}`);
}

/** The end of a long text, where the reason of a failure stands. */
export const lastLines = (text: string, count = 20): string =>
  text.trim().split('\n').slice(-count).join('\n');

// Servers are installed here, and a plain user's PATH often leaves these folders out.
const serverFolders = ['/usr/local/sbin', '/usr/sbin', '/usr/local/mysql/bin'];

/** What an error says. */
export const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);

/** The full path of a program, or null where there is none. */
export function findOnPath(name: string): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(folder => folder !== '');
  const candidates = [...folders, ...serverFolders].map(folder => join(folder, name));
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether this process may do everything on this machine. */
export const isRoot = (): boolean => process.getuid?.() === 0;

/** Whether this is a run on a build machine, where nothing may be left out. */
export const isContinuousIntegration = (): boolean => ['true', '1'].includes(process.env['CI'] ?? '');
