import { setTimeout as sleep } from 'node:timers/promises';
import { endedStatuses } from '../src/domain/bulkOperationEnums';
import { findFreePort } from '../test/databases/freePort';
import { type ConsoleBrowser, startConsoleBrowser } from '../test/harness/consoleBrowser';
import { type Fixture, kindAsked } from './support/fixture';
import { heapMegabytes, type InspectorSession, inspectProcess } from './support/inspector';
import { createOperator } from './support/operation';
import { startServer } from './support/process';
import type { Benchmark, ReportRow } from './support/report';
import { percentile } from './support/statistics';

type Print = (row: ReportRow) => void;

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

/** An operation that is watched in its page from its start to its end: what the page and the gateway keep of it. */
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

const timedLoads = 5;
const warmingLoads = 2;

const firstRow = 'tbody tr[aria-rowindex] a';

/** Notes in the page when its first run is in the table, in milliseconds since the navigation began. */
const noteFirstRow = `new MutationObserver((_, observer) => {
  if (!document.querySelector('${firstRow}')) return;
  globalThis.firstRowAt = performance.now();
  observer.disconnect();
}).observe(document, { childList: true, subtree: true });`;

/** Opens the runs in a context of their own, in which nothing is cached; returns when the first row was there. */
async function loadRuns(browser: ConsoleBrowser, url: string): Promise<number> {
  const { page } = await browser.open('about:blank');
  await page.addInitScript(noteFirstRow);
  await page.goto(url);
  await page.locator(firstRow).first().waitFor();
  const milliseconds = await page.evaluate(
    () => (globalThis as unknown as { firstRowAt: number }).firstRowAt,
  );
  // The counts must not load beside the next page.
  await page.getByText(/^[\d,]+ match$/).waitFor();
  await page.waitForLoadState('networkidle');
  await page.context().close();
  return milliseconds;
}

/** From the navigation to the first rows of the runs, with a gateway that is warm and a browser that has cached nothing. */
async function measureFirstRows(fixture: Fixture, browser: ConsoleBrowser, print: Print): Promise<void> {
  const gateway = await startServer('product', fixture.url);
  const url = `http://127.0.0.1:${gateway.port}/console/runs`;
  try {
    const times: number[] = [];
    for (let load = 0; load < warmingLoads + timedLoads; load++) {
      const time = await loadRuns(browser, url);
      if (load >= warmingLoads) times.push(time);
    }
    print({
      database: fixture.kind,
      runs: fixture.runs,
      measured: 'first rows, ms',
      'p50 ms': percentile(times, 0.5),
      'worst ms': Math.max(...times),
    });
  } finally {
    await gateway.stop();
  }
}

/** The console in Chromium: memory while an operation is watched, and how soon the runs are there. */
export const consolePages: Benchmark = async (workshop, print) => {
  const browser = await startConsoleBrowser();
  try {
    const runs = Number(process.env.BENCH_RUNS ?? 1_000_000);
    await measureFirstRows(await workshop.fixture(kindAsked(), runs), browser, print);
    await measureMemory(await workshop.fixture(kindAsked(), watchedRuns), browser, print);
  } finally {
    await browser.close();
  }
};
