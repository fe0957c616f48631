import { setTimeout as sleep } from 'node:timers/promises';
import { endedStatuses } from '../src/domain/bulkOperationEnums';
import { findFreePort } from '../test/databases/freePort';
import { type ConsoleBrowser, startConsoleBrowser } from '../test/harness/consoleBrowser';
import { type Fixture, kindAsked } from './support/fixture';
import { heapMegabytes, type InspectorSession, inspectProcess } from './support/inspector';
import { createOperator } from './support/operation';
import { startServer } from './support/process';
import type { Benchmark, Print, ReportRow } from './support/report';

const watchedRuns = 100_000;
/** Slow enough that the page takes hundreds of events, fast enough that it ends within a minute. */
const watchedRate = 2000;
const sampleMilliseconds = 5000;

const move = {
  state: { type: 'CANCELLED', message: 'A benchmark.' },
  force: true,
};

/** The heap of one process after a garbage collection, from before it works until it is done. */
class HeapSamples {
  readonly #session: InspectorSession;
  readonly #megabytes: number[] = [];

  constructor(session: InspectorSession) {
    this.#session = session;
  }

  async take(): Promise<void> {
    this.#megabytes.push(await heapMegabytes(this.#session));
  }

  report(): ReportRow {
    const before = this.#megabytes[0] ?? 0;
    const after = this.#megabytes.at(-1) ?? 0;
    return { before, most: Math.max(...this.#megabytes), after, growth: after - before };
  }
}

async function measureMemory(fixture: Fixture, browser: ConsoleBrowser, print: Print): Promise<void> {
  const inspectorPort = await findFreePort();
  const gateway = await startServer('product', fixture.url, [
    `--inspect=127.0.0.1:${inspectorPort}`,
    '--inspect-publish-uid=http',
  ]);
  const operator = createOperator(gateway.port);
  const session = await inspectProcess(inspectorPort);
  const open = async (id: string) => {
    const { page } = await browser.open(`http://127.0.0.1:${gateway.port}/console/operations/${id}`);
    await page.getByRole('progressbar').waitFor();
    return page;
  };
  try {
    // The first operation loads what a gateway holds for good.
    const first = await operator.start({ ...move, flowRuns: { tags: { all: ['customer-42'] } } });
    const firstPage = await open(first);
    await operator.until(first, endedStatuses);
    await firstPage.context().close();

    const heapOfGateway = new HeapSamples(session);
    await heapOfGateway.take();
    const id = await operator.start({ ...move, flowRuns: {}, all: true, runsPerSecond: watchedRate });
    const page = await open(id);
    const heapOfPage = new HeapSamples(await page.context().newCDPSession(page));
    do {
      await heapOfPage.take();
      await heapOfGateway.take();
      await sleep(sampleMilliseconds);
    } while (!endedStatuses.includes((await operator.find(id)).status));
    const all = fixture.runs.toLocaleString('en');
    await page.getByText(`${all} of ${all} runs decided`).waitFor();
    await heapOfPage.take();
    await heapOfGateway.take();

    const { kind: database, runs } = fixture;
    print({ database, runs, measured: 'heap of the page, MB', ...heapOfPage.report() });
    print({ database, runs, measured: 'heap of the gateway, MB', ...heapOfGateway.report() });
  } finally {
    await browser.closePages();
    session.close();
    operator.close();
    await gateway.stop();
  }
}

/** An operation that is watched in its page from its start to its end: what the page and the gateway keep of it. */
export const consoleMemory: Benchmark = async (workshop, print) => {
  const browser = await startConsoleBrowser();
  try {
    await measureMemory(await workshop.fixture(kindAsked(), watchedRuns), browser, print);
  } finally {
    await browser.close();
  }
};
