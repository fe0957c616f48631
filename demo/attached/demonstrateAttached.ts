import { setTimeout as wait } from 'node:timers/promises';
import { openApplication } from '../../src/bootstrap';
import { readConfig } from '../../src/config/config';
import { createServer } from '../../src/http/server';
import { operationSettingsOf } from '../../src/operations/settings';
import { startWorker } from '../../src/operations/worker/worker';
import { createLogger } from '../../src/platform/logging';
import { makeRoom } from '../makeRoom';
import { createOperationCaller, planAndRun, undo } from '../operation';
import { fillPrefect, flowsToRerun, untouchedFlow } from './fillPrefect';
import { findPrefect } from './findPrefect';
import { startPrefect } from './startPrefect';

const file = 'data/demo-attached.db';
const prefectFolder = 'data/demo-prefect';
const mirrorMilliseconds = 120_000;
const pollMilliseconds = 200;

const definition = {
  state: { type: 'SCHEDULED', name: 'AwaitingRetry', message: 'Rerun after the outage' },
  flowRuns: {
    flow: { name: { any: flowsToRerun } },
    state: { type: { any: ['COMPLETED', 'FAILED', 'CRASHED'] } },
  },
  reason: 'The warehouse was down; what it feeds runs again.',
};

/** What was started, to be stopped in the opposite order. */
type Started = (() => Promise<unknown>)[];

async function stopAll(started: Started): Promise<void> {
  for (let stop = started.pop(); stop !== undefined; stop = started.pop()) await stop();
}

/** Ends everything on a signal, at whatever point the demo is. */
function stopOnSignal(started: Started): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      stopAll(started).then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
    });
}

/** Starts a gateway that is attached to a server, and returns its address, which ends in `/graphql`. */
async function startGateway(prefectUrl: string, started: Started): Promise<string> {
  const config = readConfig({
    ...process.env,
    DATABASE_URL: `file:${file}`,
    MIGRATE: 'on',
    PREFECT_API_URL: `${prefectUrl}/api`,
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
  });
  await makeRoom(config, file);
  const logger = createLogger(config.logLevel);
  const services = await openApplication(config, logger);
  started.push(() => services.close());
  const { attachment } = services;
  if (attachment === null || !(await attachment.reached)) throw new Error('The gateway was not attached.');
  const server = createServer({ config, services, logger });
  const worker = startWorker(services, operationSettingsOf(config));
  const mirror = attachment.startMirror();
  started.push(() => Promise.all([server.close(config.shutdownSeconds), worker.stop(), mirror.stop()]));
  const { port } = await server.listen();
  const end = performance.now() + mirrorMilliseconds;
  while ((await services.executor.readMirror(services))?.phase !== 'FOLLOWING') {
    if (performance.now() > end) throw new Error('The mirror did not come to follow the Prefect server.');
    await wait(pollMilliseconds);
  }
  return `http://127.0.0.1:${port}/graphql`;
}

async function show(started: Started): Promise<void> {
  const prefect = await findPrefect();
  const { stdout } = process;
  stdout.write(
    `Starting a server of Prefect ${prefect.version} with an empty database in ${prefectFolder} ...\n`,
  );
  const server = await startPrefect(prefect, prefectFolder);
  started.push(() => server.stop());
  stdout.write(`It is at ${server.url}. Making runs in it, one after the other ...\n`);
  const size = await fillPrefect(server.url);
  stdout.write(`It has ${size} runs. Attaching a gateway to it ...\n`);
  const url = await startGateway(server.url, started);
  stdout.write('The gateway has copied them, and follows their changes.\n');

  const caller = createOperationCaller(url, stdout);
  try {
    const about = `The runs of ${flowsToRerun.join(' and ')} are to run again.`;
    await undo(caller, stdout, await planAndRun(caller, stdout, about, definition));
  } finally {
    caller.close();
  }
  stdout.write(
    [
      '',
      `The Prefect server moved each of these runs, and its own pages show the same. The failed runs of ${untouchedFlow} are left for you:`,
      `  Console:  ${url.replace('/graphql', '/console')}`,
      `  GraphiQL: ${url}`,
      `  Prefect:  ${server.url}`,
      'Stop with Ctrl-C.\n',
    ].join('\n'),
  );
}

/**
 * Shows an operation on the runs of a real Prefect server, which it starts: plan, start, watch, undo. Serves both until a signal.
 *
 * @throws Error with one line that says what this machine lacks.
 */
export async function demonstrateAttached(): Promise<void> {
  const started: Started = [];
  stopOnSignal(started);
  try {
    await show(started);
  } catch (error) {
    await stopAll(started);
    throw error;
  }
}
