import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { endedStatuses } from '../src/domain/bulkOperationEnums';
import { type ExportFormatName, exportFormats } from '../src/http/export/exportFormats';
import { kindAsked } from './support/fixture';
import { createOperator } from './support/operation';
import { residentMegabytes, type ServerProcess, send, startServer } from './support/process';
import type { Benchmark } from './support/report';
import { percentile, timed } from './support/statistics';

const exportedItems = 200_000;
const sampleMilliseconds = 250;
const idleMilliseconds = 5000;

const pageOfRuns = {
  query: `query ($first: Int!) {
    flowRuns(filter: {}, first: $first) { nodes { id name stateType stateName flow { name } } pageInfo { endCursor } }
  }`,
  variables: { first: 50 },
};

/** Sends requests one after the other until it is stopped; returns how long each took, in milliseconds. */
async function repeatRequest(sendOne: () => Promise<unknown>, stopping: AbortSignal): Promise<number[]> {
  const times: number[] = [];
  while (!stopping.aborted) {
    times.push(await timed(sendOne));
    await sleep(5);
  }
  return times;
}

/** What other clients wait while work is done. */
async function waitsBeside({ port }: ServerProcess, work: () => Promise<unknown>) {
  const stopping = new AbortController();
  const agent = new Agent({ keepAlive: true });
  const [liveness, pages] = await Promise.all([
    repeatRequest(() => download(port, '/livez'), stopping.signal),
    repeatRequest(() => send(agent, port, '/graphql', pageOfRuns), stopping.signal),
    work().finally(() => stopping.abort()),
  ]);
  agent.destroy();
  return {
    '/livez p95 ms': percentile(liveness, 0.95),
    '/livez worst ms': Math.max(...liveness),
    'runs page p95 ms': percentile(pages, 0.95),
    'runs page worst ms': Math.max(...pages),
  };
}

/** Downloads an export; returns its length in bytes. */
function download(port: number, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ agent: false, host: '127.0.0.1', port, path }, response => {
      let bytes = 0;
      if (response.statusCode !== 200) reject(new Error(`${path} returned ${response.statusCode}`));
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.byteLength;
      });
      response.on('error', reject);
      response.on('end', () => resolve(bytes));
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** Samples the memory of a process until it is stopped, in MB. */
function watchMemory({ processId }: ServerProcess): () => number[] {
  const samples = [residentMegabytes(processId)];
  const timer = setInterval(() => samples.push(residentMegabytes(processId)), sampleMilliseconds);
  return () => {
    clearInterval(timer);
    return [...samples, residentMegabytes(processId)];
  };
}

/**
 * The items of a large operation through `/console/export`: how long that takes, what it does to the memory of the gateway, and
 * what others wait beside it.
 */
export const exportItems: Benchmark = async (workshop, print) => {
  const fixture = await workshop.fixture(kindAsked(), Number(process.env.BENCH_RUNS ?? exportedItems));
  const { kind: database, runs: items } = fixture;
  const gateway = await startServer('product', fixture.url);
  const operator = createOperator(gateway.port);
  const exportAs = (format: ExportFormatName, id: string) =>
    download(gateway.port, `/console/export?operation=${id}&format=${format}`);
  try {
    const state = { type: 'CANCELLED', message: 'A benchmark.' };
    const id = await operator.start({ state, force: true, flowRuns: {}, all: true });
    await operator.until(id, endedStatuses);
    // The first calls compile code.
    await waitsBeside(gateway, () => exportAs('csv', id));
    print({
      database,
      items,
      beside: 'nothing',
      ...(await waitsBeside(gateway, () => sleep(idleMilliseconds))),
    });
    for (const format of Object.keys(exportFormats) as ExportFormatName[]) {
      let bytes = 0;
      const stopMemory = watchMemory(gateway);
      const alone = await timed(async () => {
        bytes = await exportAs(format, id);
      });
      const memory = stopMemory();
      print({
        database,
        items,
        beside: format,
        ...(await waitsBeside(gateway, () => exportAs(format, id))),
        'alone s': alone / 1000,
        MB: bytes / 1e6,
        'MB/s': bytes / 1e3 / alone,
        'RSS before MB': memory[0] ?? 0,
        'most MB': Math.max(...memory),
        'after MB': memory.at(-1) ?? 0,
      });
    }
  } finally {
    operator.close();
    await gateway.stop();
  }
};
