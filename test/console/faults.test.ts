import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { type ConsoleBrowser, missingBrowser, startConsoleBrowser } from '../harness/consoleBrowser';
import { describeWhere } from '../harness/describeWhere';
import { type Ask, startGateway, type TestGateway } from '../harness/gateway';
import { seedingThrough } from '../harness/seeding';
import { until } from '../harness/waiting';

const digestOf = (key: string): string => createHash('sha256').update(key).digest('hex');
const keys = [
  `reader:read:${digestOf('reader-key')}`,
  `writer:read+write+operate:${digestOf('writer-key')}`,
  `blind:write:${digestOf('blind-key')}`,
];

describeWhere(missingBrowser, 'the console with keys, and while its gateway is away', () => {
  let gateway: TestGateway;
  let browser: ConsoleBrowser;
  let folder: string;
  let address: string;
  let runId: string;

  const start = (port = '0') =>
    startGateway(`file:${join(folder, 'runs.db')}`, { API_KEYS: keys.join(','), PORT: port });

  const askAsWriter: Ask = (query, variables) =>
    gateway.ask(query, variables, { authorization: 'Bearer writer-key' });

  async function planOperation(): Promise<string> {
    const input = {
      flowRuns: { id: { any: [runId] } },
      state: { type: 'SCHEDULED' },
      reason: 'The warehouse is back',
    };
    const { begun } = await askAsWriter<{ begun: { id: string } }>(
      'mutation ($input: BulkOperationInput!) { begun: planBulkOperation(input: $input) { ... on BulkOperation { id } } }',
      { input },
    );
    return begun.id;
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'switchyard-console-'));
    [gateway, browser] = await Promise.all([start(), startConsoleBrowser()]);
    address = gateway.url.replace('/graphql', '/console');
    const seeding = seedingThrough(askAsWriter);
    const flowId = await seeding.createFlow('etl');
    const deploymentId = await seeding.createDeployment({ flowId, name: 'production' });
    [runId = ''] = await seeding.createFlowRuns(
      Array.from({ length: 4 }, (_, index) => ({
        flowId,
        deploymentId,
        name: `run-${index}`,
        state: { type: 'FAILED' },
      })),
    );
  }, 60_000);
  afterEach(() => browser.closePages());
  afterAll(async () => {
    await browser?.close();
    await gateway?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function signIn(page: Page, key: string): Promise<void> {
    await page.getByLabel('API key or token').fill(key);
    await page.keyboard.press('Enter');
  }

  test('asks for a key once, again for one that is refused, and stores it for the session alone', async () => {
    const { page, axe } = await browser.open(`${address}/runs`);
    await page.getByText('This gateway asks for a key.').waitFor();
    expect(await axe()).toEqual([]);
    await signIn(page, 'wrong-key');
    await page.getByRole('dialog').getByText(/key/i).first().waitFor();
    await signIn(page, 'writer-key');
    await page.getByText('4 match').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await page.locator('.viewer').textContent()).toBe('writer');
    await page.reload();
    await page.getByText('4 match').waitFor();
    expect(await page.evaluate('[sessionStorage.length, localStorage.length]')).toEqual([1, 0]);
  }, 60_000);

  test('disables what the scopes of a key forbid, and gives the reason', async () => {
    const { page, axe } = await browser.open(`${address}/runs`);
    await signIn(page, 'reader-key');
    await page.getByText('4 match').waitFor();
    await page.getByRole('button', { name: 'Select all 4 that match' }).click();
    await page.getByRole('button', { name: /^Act/ }).click();
    await page.getByLabel('Reason').fill('Out of curiosity');
    await page.getByText('This needs a key with the scope operate; “reader” does not have it.').waitFor();
    expect(await page.getByRole('button', { name: 'Plan', exact: true }).isEnabled()).toBe(false);
    expect(await page.getByText('Force').count()).toBe(0);
    expect(await axe()).toEqual([]);
  }, 60_000);

  test('disables what the scopes forbid on the pages of operations and of a run, and gives the reason', async () => {
    const reason = 'This needs a key with the scope operate; “reader” does not have it.';
    const id = await planOperation();
    const { page } = await browser.open(`${address}/operations`);
    await signIn(page, 'reader-key');
    const button = (name: string | RegExp) => page.getByRole('button', { name });
    await page.locator(`button[title="${reason}"]`).first().waitFor();
    expect(await button(/^Cancel/).isDisabled()).toBe(true);

    await page.goto(`${address}/operations/${id}`);
    await page.getByText(reason).waitFor();
    await page.getByLabel('Runs per second').fill('7');
    for (const name of ['Start: 1 run', /^Cancel/, 'Set rate'])
      expect(await button(name).isDisabled()).toBe(true);
    await askAsWriter('mutation ($id: ID!) { cancelBulkOperation(id: $id) { __typename } }', { id });
    await button('Retry …').waitFor();
    for (const name of ['Retry …', 'Undo …']) expect(await button(name).isDisabled()).toBe(true);
    await page.getByText(reason).first().waitFor();

    await page.goto(`${address}/runs/${runId}`);
    await page.getByText(reason).waitFor();
    expect(await button('Move this run …').isDisabled()).toBe(true);
  }, 60_000);

  test('shows the error of a key that may not even read, and what to do', async () => {
    const { page } = await browser.open(`${address}/runs`);
    await signIn(page, 'blind-key');
    await page.getByRole('alert').getByText('FORBIDDEN').first().waitFor();
    await page.getByText('Ask for a key with this scope').first().waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('This gateway asks for a key.').waitFor();
  }, 60_000);

  test('reports a gateway that is away, leaves what was typed, and continues by itself when it is back', async () => {
    const { page, axe } = await browser.open(`${address}/runs`);
    await signIn(page, 'writer-key');
    await page.getByText('4 match').waitFor();
    await page.getByRole('button', { name: 'Select all 4 that match' }).click();
    await page.getByRole('button', { name: /^Act/ }).click();
    await page.getByLabel('Reason').fill('The warehouse is back');
    const { port } = new URL(address);
    await gateway.close();
    await page.getByText('The gateway is lost.').waitFor();
    await page.getByRole('button', { name: 'Plan', exact: true }).click();
    await page.getByRole('alert').getByText('The gateway cannot be reached.').waitFor();
    expect(await axe()).toEqual([]);
    gateway = await start(port);
    await page.getByText('The gateway is lost.').waitFor({ state: 'detached' });
    expect(await page.getByLabel('Reason').inputValue()).toBe('The warehouse is back');
    await page.getByText('All 4 runs that match the filter').waitFor();
    await page.getByRole('button', { name: 'Plan', exact: true }).click();
    await page.getByRole('button', { name: 'Start: 4 runs' }).click();
    await page.getByText('Started.').waitFor();
  }, 60_000);

  test('reports it on the pages of operations and of a run too, leaves what was typed, and continues there', async () => {
    const id = await planOperation();
    const open = async (path: string): Promise<Page> => {
      const { page } = await browser.open(`${address}${path}`);
      await signIn(page, 'writer-key');
      return page;
    };
    const pages = await Promise.all(['/operations', `/operations/${id}`, `/runs/${runId}`].map(open));
    const [list, operation, run] = pages as [Page, Page, Page];
    await list.getByRole('link', { name: 'The warehouse is back' }).first().waitFor();
    await operation.getByLabel('Runs per second').fill('7');
    const csv = operation.getByRole('button', { name: 'CSV', exact: true });
    // The form has the key, which no link could have.
    await Promise.all([operation.waitForEvent('download'), csv.click()]);
    await run.getByRole('button', { name: 'Move this run …' }).click();
    await run.getByLabel('Reason').fill('Once more');
    const { port } = new URL(address);
    await gateway.close();
    const lost = (page: Page) => page.getByText('The gateway is lost.');
    await Promise.all(pages.map(page => lost(page).waitFor()));
    await csv.click();
    await operation.getByText('No file was saved.').waitFor();
    gateway = await start(port);
    await Promise.all(pages.map(page => lost(page).waitFor({ state: 'detached' })));
    expect(await run.getByLabel('Reason').inputValue()).toBe('Once more');
    expect(await operation.getByLabel('Runs per second').inputValue()).toBe('7');
    await operation.getByRole('button', { name: 'Set rate' }).click();
    await until(async () => {
      const { bulkOperation } = await askAsWriter<{ bulkOperation: { runsPerSecond: number | null } }>(
        'query ($id: ID!) { bulkOperation(id: $id) { runsPerSecond } }',
        { id },
      );
      return bulkOperation.runsPerSecond === 7;
    });
    await askAsWriter('mutation ($id: ID!) { cancelBulkOperation(id: $id) { __typename } }', { id });
    await list.locator('.operations-table tbody tr').first().getByText('Cancelled').waitFor();
  }, 60_000);
});
