import { type ConsoleBrowser, startConsoleBrowser } from '../test/harness/consoleBrowser';
import { type Fixture, kindAsked } from './support/fixture';
import { startServer } from './support/process';
import type { Benchmark, Print } from './support/report';
import { percentile } from './support/statistics';

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

/** From the navigation to the first rows of the runs, with a gateway that is warm and a browser that has cached nothing. */
export const consoleFirstRows: Benchmark = async (workshop, print) => {
  const browser = await startConsoleBrowser();
  try {
    const runs = Number(process.env.BENCH_RUNS ?? 1_000_000);
    await measureFirstRows(await workshop.fixture(kindAsked(), runs), browser, print);
  } finally {
    await browser.close();
  }
};
