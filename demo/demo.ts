import { openApplication } from '../src/bootstrap';
import { readConfig } from '../src/config/config';
import { createServer } from '../src/http/server';
import { operationSettingsOf } from '../src/operations/settings';
import { startWorker } from '../src/operations/worker/worker';
import { createLogger } from '../src/platform/logging';
import { demonstrateAttached } from './attached/demonstrateAttached';
import { untouchedFlow } from './flows';
import { makeRoom } from './makeRoom';
import { demonstrateOperation } from './operation';
import { fillWithSample } from './sample';
import { formatTable } from './table';

const file = 'data/demo.db';

const mutation = `mutation RerunTheNight($input: BulkSetFlowRunStateInput!) {
  bulkSetFlowRunState(input: $input) {
    results {
      status
      details {
        ... on StateDeclinedDetails { reason code }
      }
      state { type name }
      flowRun { name }
    }
  }
}`;

const variables = {
  input: {
    state: { type: 'SCHEDULED', message: 'Rerun after the outage' },
    flowRuns: { tags: { any: ['nightly'] }, state: { type: { any: ['FAILED', 'CRASHED', 'COMPLETED'] } } },
    limit: 16,
  },
};

interface Result {
  status: string;
  details: { reason?: string; code?: string };
  state: { type: string; name: string } | null;
  flowRun: { name: string } | null;
}

interface Answer {
  data?: { bulkSetFlowRunState: { results: Result[] } };
  errors?: unknown;
}

async function send(url: string): Promise<Result[]> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: mutation, variables }),
  });
  const answer = (await response.json()) as Answer;
  if (!answer.data) throw new Error(`the demo's mutation failed: ${JSON.stringify(answer.errors)}`);
  return answer.data.bulkSetFlowRunState.results;
}

const row = ({ status, details, state, flowRun }: Result): string[] => [
  flowRun?.name ?? '(gone)',
  status,
  details.code ?? '',
  state ? `${state.type} "${state.name}"` : '',
  details.reason ?? '',
];

/** What a reader types in another terminal. */
const rerunCommand = (port: number): string => {
  const address = port === readConfig({}).port ? '' : ` --url http://127.0.0.1:${port}`;
  return `switchyard move SCHEDULED --flow ${untouchedFlow} --state FAILED,CRASHED --since 12h --reason "The payments API was down"${address}`;
};

async function demonstrate(): Promise<void> {
  const config = readConfig({
    ...process.env,
    DATABASE_URL: `file:${file}`,
    MIGRATE: 'on',
    // Small batches, for a bar that can be seen to grow.
    OPERATION_BATCH_SIZE: process.env.OPERATION_BATCH_SIZE ?? '100',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
  });
  await makeRoom(config, file);
  const logger = createLogger(config.logLevel);
  const services = await openApplication(config, logger);
  const size = await fillWithSample(services);
  const server = createServer({ config, services, logger });
  const worker = startWorker(services, operationSettingsOf(config));
  const { port } = await server.listen();
  const url = `http://127.0.0.1:${port}/graphql`;

  console.log(
    `\nA night of ${size} runs is in ${file}. The warehouse was down and failed many of them; this reruns the newest nightly ones:\n`,
  );
  console.log(`${mutation}\n\n${JSON.stringify(variables)}\n`);
  const results = await send(url);
  console.log(formatTable(['run', 'decision', 'code', 'state', 'reason'], results.map(row)));
  await demonstrateOperation(url, process.stdout);
  const consoleUrl = url.replace('/graphql', '/console');
  console.log(
    [
      '',
      `The payments API was down too. The failed runs of ${untouchedFlow} are left for you:`,
      `  Console:  ${consoleUrl}`,
      `  GraphiQL: ${url}`,
      `  Command:  ${rerunCommand(port)}`,
      'Stop with Ctrl-C.',
    ].join('\n'),
  );

  const stop = async () => {
    await Promise.all([server.close(config.shutdownSeconds), worker.stop()]);
    await services.close();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stop().catch((error: unknown) => {
        console.error(error);
        process.exitCode = 1;
      });
    });
  }
}

const show = process.argv.includes('--attached') ? demonstrateAttached : demonstrate;
show().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
