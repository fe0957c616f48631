import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { type ConsoleBrowser, missingBrowser, startConsoleBrowser } from '../harness/consoleBrowser';
import { describeWhere } from '../harness/describeWhere';
import { startGateway, type TestGateway } from '../harness/gateway';
import { seedingThrough } from '../harness/seeding';

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

  const start = (port = '0') =>
    startGateway(`file:${join(folder, 'runs.db')}`, { API_KEYS: keys.join(','), PORT: port });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'switchyard-console-'));
    [gateway, browser] = await Promise.all([start(), startConsoleBrowser()]);
    address = gateway.url.replace('/graphql', '/console');
    const { ask } = gateway;
    const seeding = seedingThrough((query, variables) =>
      ask(query, variables, { authorization: 'Bearer writer-key' }),
    );
    const flowId = await seeding.createFlow('etl');
    const deploymentId = await seeding.createDeployment({ flowId, name: 'production' });
    await seeding.createFlowRuns(
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
});
