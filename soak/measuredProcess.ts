import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { builtFile } from '../test/harness/builtFile';
import { quiet } from '../test/harness/quiet';
import type { Measurement } from './measurement';

const root = resolve(__dirname, '..');
const listening = /listening on (http:\/\/[\d.:]+\/graphql)/;
const maxOutput = 5000;

/** A gateway in a process of its own whose memory is measured. */
export interface MeasuredProcess {
  /** Where GraphQL is served. */
  readonly url: string;
  /** Collects garbage there, and returns what is in use. */
  measure(): Promise<Measurement>;
  /** Stops it, and returns its exit code. */
  stop(): Promise<number | null>;
  /** Ends it at once where it still runs. */
  kill(): void;
}

/**
 * Starts a gateway on a database and waits until it listens.
 *
 * @throws Error with what it printed where it ends before that.
 */
export async function startMeasuredProcess(
  databaseUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<MeasuredProcess> {
  const child = fork(builtFile('soak/measuredGateway.js'), {
    cwd: root,
    execArgv: ['--expose-gc'],
    env: { ...process.env, DATABASE_URL: databaseUrl, PORT: '0', LOG_LEVEL: 'info', ...quiet, ...settings },
    silent: true,
  });
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'exit').finally(() => process.off('exit', kill));
  let output = '';
  const url = await new Promise<string>((found, reject) => {
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-maxOutput);
      const [, address] = listening.exec(output) ?? [];
      if (address !== undefined) found(address);
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.once('exit', () => reject(new Error(`the gateway ended before it listened:\n${output}`)));
  });
  let number = 0;
  return {
    url,
    measure() {
      const own = ++number;
      return new Promise((found, reject) => {
        const gone = () => reject(new Error(`the gateway ended:\n${output}`));
        const receive = (message: unknown) => {
          const measurement = message as Measurement;
          if (measurement.number !== own) return;
          child.off('message', receive);
          child.off('exit', gone);
          found(measurement);
        };
        child.on('message', receive);
        child.once('exit', gone);
        child.send({ number: own });
      });
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      return child.exitCode;
    },
    kill,
  };
}
