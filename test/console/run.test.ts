import { type ConsoleBrowser, missingBrowser } from '../harness/consoleBrowser';
import { type ConsoleFixture, startConsole } from '../harness/consoleFixture';
import { describeWhere } from '../harness/describeWhere';

describeWhere(missingBrowser, 'the page of a run in a browser', () => {
  let fixture: ConsoleFixture;
  let browser: ConsoleBrowser;
  let id: string;

  beforeAll(async () => {
    fixture = await startConsole();
    browser = fixture.browser;
    const state = { type: 'FAILED', message: 'The warehouse was down.' };
    [id = ''] = await fixture.createRuns(1, 'nightly', { parameters: { day: 3 }, state });
  }, 60_000);
  afterEach(() => browser.closePages());
  afterAll(() => fixture?.close());

  const addressOf = (path: string) => fixture.gateway.url.replace('/graphql', path);

  test('has nothing that axe finds, in both themes and at widths of 1440 and 400 pixels', async () => {
    const { page, axeInAllLooks, problems } = await browser.open(addressOf(`/console/runs/${id}`));
    await page.getByText('The warehouse was down.').waitFor();
    await page.getByText('Parameters').click();
    await page.getByText('"day": 3').waitFor();
    expect(await axeInAllLooks()).toEqual([]);
    expect(problems).toEqual([]);
  }, 120_000);

  test('is found by the address that Prefect clients print, moves the run, and shows who did it', async () => {
    const { page } = await browser.open(addressOf(`/runs/flow-run/${id}`));
    await page.getByRole('heading', { name: 'nightly-0' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/console/runs/${id}`);
    await page.getByRole('button', { name: 'Move this run …' }).click();
    await page.getByLabel('Reason').fill('Rerun after the outage');
    await page.getByRole('button', { name: 'Plan', exact: true }).click();
    await page.getByRole('button', { name: 'Start: 1 run' }).click();
    const history = page.getByRole('region', { name: 'History' });
    await history.getByRole('link', { name: 'Rerun after the outage' }).waitFor();
    await history.getByText('by local').first().waitFor();
  }, 60_000);

  test('shows no run for an id that there is none of', async () => {
    const { page } = await browser.open(addressOf('/console/runs/0198c0de-0000-7000-8000-000000000000'));
    await page.getByRole('heading', { name: 'No such run' }).waitFor();
    // No text in UTF-8.
    await page.goto(addressOf('/console/runs/%E0%A4%A'));
    await page.getByRole('heading', { name: 'No such run' }).waitFor();
  }, 60_000);
});
