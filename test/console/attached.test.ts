import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingPrefect } from '../databases/testRun';
import { mirrorOf, startAttachedGateway } from '../harness/attachedGateway';
import { type ConsoleBrowser, missingBrowser, startConsoleBrowser } from '../harness/consoleBrowser';
import { describeWhere } from '../harness/describeWhere';
import { seedPrefect } from '../harness/prefectSeed';
import { type PrefectServer, startPrefectServer } from '../harness/prefectServer';
import { until } from '../harness/waiting';
import type { OperationGateway } from '../operations/harness';

describeWhere(missingPrefect() ?? missingBrowser, 'the console of an attached gateway', () => {
  let server: PrefectServer;
  let gateway: OperationGateway;
  let browser: ConsoleBrowser;
  let folder: string;
  let address: string;
  let host: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'switchyard-console-'));
    [server, browser] = await Promise.all([startPrefectServer(), startConsoleBrowser()]);
    const seed = seedPrefect(server);
    const flowId = await seed.flow();
    const deploymentId = await seed.deployment(flowId);
    await seed.runs([
      { flowId, deploymentId, tags: ['failed'], states: [{ type: 'FAILED', name: 'Failed' }] },
    ]);
    gateway = await startAttachedGateway(`file:${join(folder, 'runs.db')}`, server.apiUrl);
    address = gateway.url.replace('/graphql', '/console');
    ({ host } = new URL(server.apiUrl));
  }, 180_000);
  afterEach(() => browser.closePages());
  afterAll(async () => {
    await browser?.close();
    await gateway?.close();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('says in a plan what carries it out, where its time cannot be known', async () => {
    const id = await gateway.plan({
      flowRuns: { tags: { all: ['failed'] } },
      state: { type: 'SCHEDULED', name: 'AwaitingRetry' },
    });
    await gateway.becomes(id, 'PLANNED');
    const { page } = await browser.open(`${address}/operations/${id}`);
    await page.getByText('The Prefect server moves the runs one by one').waitFor();
  }, 60_000);

  test('says before an undo what the Prefect server does not restore', async () => {
    const id = await gateway.start({
      flowRuns: { tags: { all: ['failed'] } },
      state: { type: 'SCHEDULED', name: 'AwaitingRetry' },
    });
    await gateway.becomes(id, 'COMPLETED');
    const { page } = await browser.open(`${address}/operations/${id}`);
    await page.getByRole('button', { name: 'Undo …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('the end time becomes the time of the undo').waitFor();
    await dialog.getByText('Its automations run again').waitFor();
  }, 60_000);

  test('names the Prefect server in the header, and marks when its changes are no longer followed', async () => {
    const { page, axeInAllLooks } = await browser.open('about:blank');
    await page.clock.install();
    let asked = 0;
    page.on('request', sent => {
      if (sent.postData()?.includes('query Mirror')) asked++;
    });
    await page.goto(`${address}/operations`);
    const status = page.locator('.shell-header .mirror');
    await status.getByText(`Prefect server ${host} · following`).waitFor();
    expect(await status.getAttribute('title')).toMatch(/^(Changes arrive after|No lag is measured yet)/);
    expect(await status.locator('svg').count()).toBe(0);
    const setHidden = (isHidden: boolean) =>
      page.evaluate(
        `Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true });
         document.dispatchEvent(new Event('visibilitychange'))`,
      );
    await setHidden(true);
    await page.clock.fastForward(40_000);
    expect(asked).toBe(1);
    await setHidden(false);
    await until(() => asked === 2);
    await server.kill();
    await until(async () => (await mirrorOf(gateway.ask))?.phase === 'BEHIND');
    expect(asked).toBe(2);
    await page.clock.fastForward(20_000);
    await status.getByText('not following: runs may be old').waitFor();
    expect(asked).toBe(3);
    expect(await status.locator('svg').count()).toBe(1);
    expect(await axeInAllLooks()).toEqual([]);
    await page.context().setOffline(true);
    await page.clock.fastForward(20_000);
    await status.getByText('state not known').waitFor();
  }, 120_000);
});
