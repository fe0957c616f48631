import { Agent } from 'node:http';
import type { Page } from 'playwright-core';
import { type ConsoleBrowser, startConsoleBrowser } from '../test/harness/consoleBrowser';
import { type Fixture, kindAsked } from './support/fixture';
import { type ServerProcess, send, startServer } from './support/process';
import type { Benchmark, Print } from './support/report';
import { percentile } from './support/statistics';

const timedLoads = 7;
/** Chromium stores compiled code once a script was loaded several times. */
const warmingLoads = 3;
/** The first hundred calls of a gateway take two to three times as long as those after them. */
const warmingCalls = 200;

const firstRow = 'tbody tr[aria-rowindex] a';

/** What a page notes of its first run, in milliseconds since the navigation began. */
interface FirstRow {
  /** When it was in the table. */
  inserted: number;
  /** When the frame that shows it was painted. */
  painted: number;
}

const paintedMessage = 'the first row is painted';

/** A task that follows the next animation frame runs once that frame is painted. */
const noteFirstRow = `new MutationObserver((_, observer) => {
  if (!document.querySelector('${firstRow}')) return;
  observer.disconnect();
  const inserted = performance.now();
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    globalThis.firstRow = { inserted, painted: performance.now() };
    console.info('${paintedMessage}');
  };
  requestAnimationFrame(() => port2.postMessage(null));
}).observe(document, { childList: true, subtree: true });`;

async function openPage(browser: ConsoleBrowser): Promise<Page> {
  const { page } = await browser.open('about:blank');
  await page.addInitScript(noteFirstRow);
  return page;
}

/** Loads the runs, and waits until the page is done, so that nothing of it runs beside the next load. */
async function loadRuns(page: Page, url: string): Promise<FirstRow> {
  // A search for a text runs scripts of Playwright in the page, up to 50 ms before the rows are rendered.
  const painted = page.waitForEvent('console', message => message.text() === paintedMessage);
  await Promise.all([painted, page.goto(url)]);
  await page.getByText(/^[\d,]+ match$/).waitFor();
  await page.waitForLoadState('networkidle');
  return page.evaluate(() => (globalThis as unknown as { firstRow: FirstRow }).firstRow);
}

/** Each load in a context of its own, in which nothing is cached: a new process, scripts to download and to compile. */
async function loadCold(browser: ConsoleBrowser, url: string): Promise<FirstRow> {
  const page = await openPage(browser);
  const times = await loadRuns(page, url);
  await page.context().close();
  return times;
}

/** Repeats the query of the rows as the page sends it. */
async function warmGateway({ port }: ServerProcess, page: Page, url: string): Promise<void> {
  const [query] = await Promise.all([page.waitForRequest('**/graphql'), loadRuns(page, url)]);
  const agent = new Agent({ keepAlive: true });
  for (let call = 0; call < warmingCalls; call++) await send(agent, port, '/graphql', query.postDataJSON());
  agent.destroy();
}

async function measureLoads(load: () => Promise<FirstRow>) {
  const times: FirstRow[] = [];
  for (let index = 0; index < warmingLoads + timedLoads; index++) {
    const time = await load();
    if (index >= warmingLoads) times.push(time);
  }
  const painted = times.map(time => time.painted);
  return {
    'in the table, p50 ms': percentile(
      times.map(({ inserted }) => inserted),
      0.5,
    ),
    'painted, p50 ms': percentile(painted, 0.5),
    'painted, worst ms': Math.max(...painted),
  };
}

async function measureFirstRows(
  { kind: database, runs, url: databaseUrl }: Fixture,
  browser: ConsoleBrowser,
  print: Print,
): Promise<void> {
  const gateway = await startServer('product', databaseUrl);
  const url = `http://127.0.0.1:${gateway.port}/console/runs`;
  try {
    const page = await openPage(browser);
    await warmGateway(gateway, page, url);
    print({ database, runs, cache: 'warm', ...(await measureLoads(() => loadRuns(page, url))) });
    await page.context().close();
    print({ database, runs, cache: 'cold', ...(await measureLoads(() => loadCold(browser, url))) });
  } finally {
    await gateway.stop();
  }
}

/**
 * From the beginning of the navigation to `/console/runs` until the frame with the first runs is painted, without a filter, in
 * Chromium without a GPU at 1440 by 900. The gateway is warm. `warm`: the browser has loaded the page before, as that of an
 * operator has; `cold`: it has cached nothing.
 */
export const consoleFirstRows: Benchmark = async (workshop, print) => {
  const browser = await startConsoleBrowser();
  try {
    const runs = Number(process.env.BENCH_RUNS ?? 1_000_000);
    await measureFirstRows(await workshop.fixture(kindAsked(), runs), browser, print);
  } finally {
    await browser.close();
  }
};
