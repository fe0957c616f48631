import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '../../test/databases/freePort';
import { quiet } from '../../test/harness/quiet';

/** A server process that is measured. */
export interface ServerProcess {
  port: number;
  processId: number;
  /** Seconds from its start until it was ready. */
  startSeconds: number;
  stop(): Promise<void>;
}

/** Sends a request over a connection that is kept open, and returns the parsed body. */
export function send<Answer>(agent: Agent, port: number, path: string, body?: unknown): Promise<Answer> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        agent,
        host: '127.0.0.1',
        port,
        path,
        method: text === undefined ? 'GET' : 'POST',
        headers:
          text === undefined
            ? {}
            : {
                'content-type': 'application/json',
                accept: 'application/json',
                'content-length': Buffer.byteLength(text),
              },
      },
      answer => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const received = Buffer.concat(chunks).toString();
          if (answer.statusCode !== 200)
            reject(new Error(`${path} answered ${answer.statusCode}: ${received}`));
          else resolve(JSON.parse(received) as Answer);
        });
      },
    );
    sent.on('error', reject);
    sent.end(text);
  });
}

const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;
const programs = { product: '../../src/main.js', empty: './emptyServer.js' } as const;

/**
 * Starts the product, or the bare server that its calls are compared with, and waits until it is ready.
 *
 * @param settings more environment variables of it.
 */
export async function startServer(
  program: keyof typeof programs,
  databaseUrl = '',
  nodeArguments: readonly string[] = [],
  settings: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const port = await findFreePort();
  const start = performance.now();
  const options = [...profileOptions(program), ...nodeArguments];
  const child = spawn(process.execPath, [...options, join(__dirname, programs[program])], {
    env: {
      ...process.env,
      PORT: String(port),
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      NODE_ENV: 'production',
      // Nothing else may run during a measurement.
      ...quiet,
      DATABASE_URL: databaseUrl,
      ...settings,
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const agent = new Agent({ keepAlive: false });
  const path = program === 'product' ? '/readyz' : '/health';
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  for (;;) {
    const ready = await new Promise<boolean>(resolve => {
      const sent = request({ agent, host: '127.0.0.1', port, path }, answer => {
        answer.resume();
        resolve(answer.statusCode === 200);
      });
      sent.on('error', () => resolve(false));
      sent.end();
    });
    if (ready) break;
    if (!isRunning(child)) throw new Error(`the ${program} server ended before it was ready`);
    await sleep(5);
  }
  return {
    port,
    processId: child.pid ?? 0,
    startSeconds: (performance.now() - start) / 1000,
    stop: async () => {
      const ended = new Promise(resolve => child.once('exit', resolve));
      if (isRunning(child) && child.kill('SIGTERM')) await ended;
      process.off('exit', kill);
    },
  };
}

/** With BENCH_PROFILE set to a folder, the product leaves a CPU profile there when it stops. */
const profileOptions = (program: keyof typeof programs): string[] =>
  program === 'product' && process.env.BENCH_PROFILE
    ? ['--cpu-prof', `--cpu-prof-dir=${process.env.BENCH_PROFILE}`]
    : [];

/** How much memory a process has in use. */
export const residentMegabytes = (processId: number): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(processId)], { encoding: 'utf8' })) / 1024;
