import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { builtFile } from './builtFile';
import { quiet } from './quiet';

const root = resolve(__dirname, '../..');

/** A gateway in a process of its own, for tests that need to kill it or to see how it starts. */
export interface GatewayProcess {
  /** What it has printed so far. */
  output(): string;
  /** Waits until it has printed something; throws what it printed where it ends before that, or after 50 s. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Waits until it listens, and returns its address: `http://127.0.0.1:PORT`. */
  url(): Promise<string>;
  /** Waits for its end, and returns its exit code; null if a signal ended it. */
  ended(): Promise<number | null>;
  /** Sends the signal to stop, as a supervisor does. */
  terminate(): void;
  /** Ends it at once, as `kill -9` does. */
  kill(): Promise<void>;
}

/** Below the time limit of the tests that start processes, a minute. */
const maxPrintSeconds = 50;

const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

/**
 * Starts a gateway in a process of its own, on a free port, without background services unless the settings ask for them.
 * The words are its command line.
 */
export const startGatewayProcess = (
  databaseUrl: string,
  settings: Readonly<Record<string, string>> = {},
  words: readonly string[] = [],
): GatewayProcess =>
  startProcess([builtFile('src/main.js'), ...words], root, {
    DATABASE_URL: databaseUrl,
    PORT: '0',
    LOG_LEVEL: 'info',
    ...quiet,
    ...settings,
  });

/** Starts a gateway by the words of Node's command line, in a folder. */
export function startProcess(
  words: readonly string[],
  cwd: string,
  settings: Readonly<Record<string, string>>,
): GatewayProcess {
  const child = spawn(process.execPath, words, {
    cwd,
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const killWithUs = () => void child.kill('SIGKILL');
  process.once('exit', killWithUs);
  let output = '';
  const changed = new Set<() => void>();
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
    for (const listener of changed) listener();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const closed = once(child, 'close');
  child.once('close', () => {
    process.off('exit', killWithUs);
    for (const listener of changed) listener();
  });

  const printed = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((answer, reject) => {
      const finish = () => {
        changed.delete(look);
        clearTimeout(timer);
      };
      const look = () => {
        const found = pattern.exec(output);
        if (found === null && isRunning(child)) return;
        finish();
        if (found === null) reject(new Error(`the gateway ended before it printed ${pattern}:\n${output}`));
        else answer(found);
      };
      const timer = setTimeout(() => {
        finish();
        reject(new Error(`the gateway did not print ${pattern} within ${maxPrintSeconds} s:\n${output}`));
      }, maxPrintSeconds * 1000);
      changed.add(look);
      look();
    });

  return {
    output: () => output,
    printed,
    url: async () => (await printed(/listening on (http:\/\/[\d.:]+)/))[1] ?? '',
    async ended() {
      await closed;
      return child.exitCode;
    },
    terminate: () => void child.kill('SIGTERM'),
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}
