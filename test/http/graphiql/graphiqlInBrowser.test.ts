import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { fillWithSample } from '../../../demo/sample';
import { findChromium } from '../../harness/chromium';
import { describeWhere } from '../../harness/describeWhere';
import { startGateway, type TestGateway } from '../../harness/gateway';

const executablePath = findChromium();
const missing = executablePath === null ? 'there is no Chromium or Chrome' : null;

describeWhere(missing, 'GraphiQL in a browser without a network', () => {
  let gateway: TestGateway;
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'switchyard-graphiql-'));
    gateway = await startGateway(`file:${join(folder, 'sample.db')}`);
    await fillWithSample(gateway.services);
    browser = await chromium.launch({ executablePath: executablePath ?? undefined, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await gateway?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** A page that reaches this machine only; `elsewhere` collects what it asked of others. */
  async function openPage(): Promise<{ page: Page; elsewhere: string[] }> {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const elsewhere: string[] = [];
    await page.route('**/*', route => {
      const { hostname, protocol } = new URL(route.request().url());
      if (hostname === '127.0.0.1' || protocol === 'blob:' || protocol === 'data:') return route.continue();
      elsewhere.push(route.request().url());
      return route.abort();
    });
    return { page, elsewhere };
  }

  const answerOf = async (page: Page): Promise<string> =>
    (await page.locator('.graphiql-response').innerText()).replaceAll('\u00a0', ' ');

  test('opens, and runs the example that sets states', async () => {
    const { page, elsewhere } = await openPage();
    await page.goto(gateway.url);
    await page.getByRole('button', { name: 'SetState', exact: true }).click();
    await page.locator('.graphiql-query-editor').getByText('bulkSetFlowRunState').first().waitFor();
    await page.getByRole('button', { name: /Execute query/ }).click();
    await page
      .locator('.graphiql-response')
      .getByText('StateRejectDetails')
      .or(page.locator('.graphiql-response').getByText('StateAcceptDetails'))
      .first()
      .waitFor();
    const answer = await answerOf(page);
    expect(answer).toContain('bulkSetFlowRunState');
    expect(answer).toContain('"status": "ACCEPT"');
    expect(elsewhere).toEqual([]);
    if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });
  }, 60_000);

  test('watches an operation live, to its end', async () => {
    const { startBulkOperation } = await gateway.ask<{ startBulkOperation: { id: string } }>(
      `mutation { startBulkOperation(input: {
        state: { type: SCHEDULED, message: "Rerun after the outage" }, runsPerSecond: 1
        flowRuns: { state: { type: { any: [FAILED, CRASHED] } } }, reason: "The warehouse was down"
      }) { ... on BulkOperation { id } } }`,
    );
    const { id } = startBulkOperation;
    const query = `# Shows an operation whenever it moves, to its end.
subscription WatchOperation {
  bulkOperationProgress(id: "${id}") {
    status
    counts {
      matched
      pending
      accepted
      aborted
    }
    outcomes {
      status
      code
      count
    }
  }
}
`;
    const { page, elsewhere } = await openPage();
    await page.goto(`${gateway.url}?query=${encodeURIComponent(query)}`);
    await page.locator('.graphiql-query-editor').getByText('bulkOperationProgress').first().waitFor();
    await page.getByRole('button', { name: /Execute query/ }).click();
    await page.locator('.graphiql-response').getByText('"RUNNING"').first().waitFor();
    await gateway.ask(`mutation { setBulkOperationRate(id: "${id}", runsPerSecond: null) { __typename } }`);
    await page
      .locator('.graphiql-response')
      .getByText(/"COMPLETED/)
      .first()
      .waitFor();
    expect(await answerOf(page)).toContain('"pending": 0');
    expect(elsewhere).toEqual([]);
    if (process.env.SCREENSHOT_OPERATION) await page.screenshot({ path: process.env.SCREENSHOT_OPERATION });
  }, 60_000);
});
