import { randomUUID } from 'node:crypto';
import type { Page, Response } from 'playwright-core';
import { type ConsoleBrowser, missingBrowser } from '../harness/consoleBrowser';
import { type ConsoleFixture, startConsole } from '../harness/consoleFixture';
import { describeWhere } from '../harness/describeWhere';
import type { TestGateway } from '../harness/gateway';
import { until } from '../harness/waiting';

describeWhere(missingBrowser, 'the runs page in a browser', () => {
  let fixture: ConsoleFixture;
  let gateway: TestGateway;
  let browser: ConsoleBrowser;
  let address: string;

  beforeAll(async () => {
    fixture = await startConsole();
    ({ gateway, browser, address } = fixture);
  }, 60_000);
  afterEach(() => browser.closePages());
  afterAll(() => fixture?.close());

  const createFailedRuns = (count: number, tag: string) =>
    fixture.createRuns(count, tag, { state: { type: 'FAILED', message: 'The warehouse was down.' } });

  const countRuns = async (tag: string, type: string): Promise<number> => {
    const query = `query ($filter: FlowRunFilter) { flowRunCount(filter: $filter) }`;
    const filter = { tags: { all: [tag] }, state: { type: { any: [type] } } };
    return (await gateway.ask<{ flowRunCount: number }>(query, { filter })).flowRunCount;
  };

  const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
  const rowOf = (page: Page, name: string) =>
    page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });

  const isHistory = (response: Response) =>
    (response.request().postData() ?? '').includes('query RunHistory');

  /** Chooses the buckets between a fifth and two fifths of the histogram. */
  async function dragHistogram(page: Page, meanwhile: () => Promise<void> = async () => undefined) {
    const box = await page.getByRole('slider', { name: /^Runs over time/ }).boundingBox();
    if (box === null) throw new Error('the histogram has no place on the page');
    await page.mouse.move(box.x + box.width * 0.2, box.y + 20);
    await page.mouse.down();
    await meanwhile();
    await page.mouse.move(box.x + box.width * 0.4, box.y + 20, { steps: 3 });
    await page.mouse.up();
  }

  async function plan(page: Page): Promise<void> {
    await button(page, /^Act/).click();
    await page.getByLabel('Reason').fill('The warehouse is back');
    await page.getByRole('button', { name: 'Plan', exact: true }).click();
    await button(page, /^Start: /).waitFor();
  }

  test('moves exactly the 3,000 runs that match while 50 are in view, after a plan and a typed count', async () => {
    await createFailedRuns(3000, 'outage');
    await createFailedRuns(60, 'unrelated');
    const { page, problems } = await browser.open(`${address}/runs`);
    await page.getByLabel('Tags').fill('outage');
    await page.keyboard.press('Enter');
    await page.getByRole('checkbox', { name: /^Failed/ }).check({ force: true });
    await page.getByText('3,000 match').waitFor();
    expect(new URL(page.url()).search).toBe('?state=FAILED&tag=outage');
    expect(await page.locator('tbody tr[aria-rowindex]').count()).toBeLessThanOrEqual(60);

    await button(page, 'Select all 3,000 that match').click();
    await page.getByText('All 3,000 runs that match the filter').waitFor();
    const sent: string[] = [];
    page.on('request', call => sent.push(/\w+ (Plan\w+)/.exec(call.postData() ?? '')?.[1] ?? ''));
    await plan(page);
    await page.getByText('3,000 runs: 3,000 will move').waitFor();
    expect(await countRuns('outage', 'FAILED')).toBe(3000);

    const start = button(page, 'Start: 3,000 runs');
    expect(await start.isEnabled()).toBe(false);
    await page.getByLabel(/^Type the number/).fill('300');
    await page.getByText('These are 3,000 runs, not 300.').waitFor();
    expect(await start.isEnabled()).toBe(false);
    await page.getByLabel(/^Type the number/).fill('3,000');
    expect(sent.filter(name => name !== '')).toEqual(['PlanOperation', 'PlanReasons']);
    await start.click();
    const link = page.getByRole('link', { name: 'Watch the operation' });
    const id = (await link.getAttribute('href'))?.split('/').at(-1);
    await until(async () => {
      const { bulkOperation } = await gateway.ask<{ bulkOperation: { status: string } }>(
        'query ($id: ID!) { bulkOperation(id: $id) { status } }',
        { id },
      );
      return bulkOperation.status === 'COMPLETED';
    });
    expect(await countRuns('outage', 'SCHEDULED')).toBe(3000);
    expect(await countRuns('unrelated', 'FAILED')).toBe(60);
    expect(problems).toEqual([]);
  }, 60_000);

  test('requests the first rows once and before all else, and counts nothing until they are there', async () => {
    await createFailedRuns(2, 'early');
    const { page } = await browser.open('about:blank');
    const sent: string[] = [];
    let release: () => void = () => undefined;
    const released = new Promise<void>(resolve => {
      release = resolve;
    });
    await page.route('**/graphql', async route => {
      const { query } = route.request().postDataJSON() as { query: string };
      const name = /query (\w+)/.exec(query)?.[1] ?? '';
      sent.push(name);
      if (name === 'RunsPage') await released;
      await route.continue();
    });
    await page.goto(`${address}?tag=early&last=24h`);
    await page.getByText('counting …').waitFor();
    await until(async () => sent.length > 1);
    expect(sent).toEqual(['RunsPage', 'Viewer']);
    expect(await page.getByText('No run matches').count()).toBe(0);
    release();
    await rowOf(page, 'early-1').waitFor();
    await page.getByText('2 match').waitFor();
    await button(page, 'Refresh').click();
    await until(async () => sent.filter(name => name === 'RunsPage').length === 2);
    await page.waitForLoadState('networkidle');
    expect(sent.filter(name => name === 'RunsPage')).toHaveLength(2);
  }, 60_000);

  test('says that it still searches, and stops on request', async () => {
    await createFailedRuns(2, 'slow');
    const { page } = await browser.open('about:blank');
    let isHeld = true;
    await page.route('**/graphql', async route => {
      const { query } = route.request().postDataJSON() as { query: string };
      if (isHeld && query.includes('query RunsPage')) return;
      await route.continue();
    });
    await page.goto(`${address}/runs?tag=slow`);
    await page.getByText('Still searching.').waitFor();
    const stopped = page.waitForEvent('requestfailed');
    await button(page, 'Stop').click();
    expect((await stopped).postData()).toContain('query RunsPage');
    expect(await page.getByText('counting …').count()).toBe(0);
    isHeld = false;
    await button(page, 'Search again').click();
    await rowOf(page, 'slow-1').waitFor();
    await page.getByText('2 match').waitFor();
  }, 60_000);

  test('names the filter of a search that took too long, and what to add to it', async () => {
    const { page } = await browser.open('about:blank');
    const error = { message: 'The request took longer than 30 seconds.', extensions: { code: 'TIMEOUT' } };
    await page.route('**/graphql', async route => {
      const { query } = route.request().postDataJSON() as { query: string };
      if (query.includes('query RunsPage')) await route.fulfill({ json: { errors: [error] } });
      else await route.continue();
    });
    await page.goto(`${address}/runs?message=disk&state=FAILED`);
    const shown = page.getByRole('alert').filter({ hasText: 'TIMEOUT' });
    const advice =
      'The search was: Runs in a state of type FAILED, with “disk” in the message of their state. ' +
      '“Message contains” must read every run that the rest of the filter finds. ' +
      'Add a flow or a start time, then try again.';
    await shown.getByText(advice, { exact: true }).waitFor();
  }, 60_000);

  test('holds a value and what is typed next to it in one line', async () => {
    const { page } = await browser.open(`${address}/runs`);
    const heightOf = async () => (await page.locator('.tokens').first().boundingBox())?.height;
    const empty = await heightOf();
    expect(empty).toBeGreaterThan(0);
    for (const flow of ['sync-payments', 'a-flow-with-a-name-that-is-longer-than-its-field']) {
      await page.goto(`${address}/runs?flow=${flow}`);
      await button(page, `Remove Flow ${flow}`).waitFor();
      expect(await heightOf()).toBe(empty);
    }
  }, 60_000);

  test('says the filter in words on a page of 400 pixels, so that the first runs are in view', async () => {
    await createFailedRuns(3, 'narrow');
    const { page } = await browser.open(`${address}/runs?tag=narrow&state=FAILED`);
    await page.setViewportSize({ width: 400, height: 900 });
    const row = await rowOf(page, 'narrow-2').boundingBox();
    expect(row?.y).toBeLessThan(600);
    await page.getByText('Runs in a state of type FAILED, with the tag “narrow”').waitFor();
    const name = page.getByLabel('Name contains');
    expect(await name.isVisible()).toBe(false);
    await button(page, 'Filter').click();
    await name.fill('narrow-1');
    await name.press('Enter');
    await page.getByText('1 match').waitFor();
    await button(page, 'Hide the filter').click();
    expect(await name.isVisible()).toBe(false);
    await page.keyboard.press('/');
    await until(
      async () =>
        (await page.evaluate('document.activeElement?.labels?.[0]?.textContent')) === 'Name contains',
    );
  }, 60_000);

  test('loads more rows as they come into view, and renders no others', async () => {
    await createFailedRuns(400, 'long');
    const { page } = await browser.open(`${address}/runs?tag=long`);
    await page.getByText('400 match').waitFor();
    await rowOf(page, 'long-399').waitFor();
    const rows = page.locator('tbody tr[aria-rowindex]');
    await rowOf(page, 'long-395').hover();
    await until(async () => {
      await page.mouse.wheel(0, 5000);
      return (await rowOf(page, 'long-0').count()) === 1;
    });
    expect(await rowOf(page, 'long-0').getAttribute('aria-rowindex')).toBe('401');
    expect(await page.getByRole('table', { name: 'Runs' }).getAttribute('aria-rowcount')).toBe('401');
    expect(await rows.count()).toBeLessThan(60);
  }, 60_000);

  test('moves the ticked rows alone, a range of them by Shift and a click', async () => {
    await createFailedRuns(8, 'ticked');
    const { page } = await browser.open(`${address}/runs?tag=ticked`);
    await page.getByLabel('Tick ticked-6').click();
    await page.getByLabel('Tick ticked-4').click({ modifiers: ['Shift'] });
    await page.getByText('3 ticked runs').first().waitFor();
    await plan(page);
    await page.getByLabel('Tick ticked-1').click();
    await page.locator('form').getByText('The selection changed: plan again.').waitFor();
    expect(await button(page, /^Start: /).count()).toBe(0);
    await page.getByLabel('Tick ticked-1').click();
    await page.getByRole('button', { name: 'Plan', exact: true }).click();
    await button(page, 'Start: 3 runs').click();
    await page.getByText('Started.').waitFor();
    await until(async () => (await countRuns('ticked', 'SCHEDULED')) === 3);
    const { flowRuns } = await gateway.ask<{ flowRuns: { nodes: { name: string }[] } }>(
      'query ($filter: FlowRunFilter) { flowRuns(filter: $filter, sort: NAME_ASC) { nodes { name } } }',
      { filter: { tags: { all: ['ticked'] }, state: { type: { any: ['SCHEDULED'] } } } },
    );
    expect(flowRuns.nodes.map(({ name }) => name)).toEqual(['ticked-4', 'ticked-5', 'ticked-6']);
  }, 60_000);

  test('drops the selection when the filter changes and reports it, and never on a refresh', async () => {
    await createFailedRuns(3, 'kept');
    const { page } = await browser.open(`${address}/runs?tag=kept`);
    await page.getByLabel('Tick kept-1').click();
    await button(page, 'Refresh').click();
    await page.getByText('3 match').waitFor();
    await page.getByText('1 ticked run').waitFor();
    await page.getByRole('checkbox', { name: /^Failed/ }).check({ force: true });
    await page.getByText('The filter changed: 1 ticked run is no longer selected.').first().waitFor();
    await page.getByText('No run is selected.').waitFor();
    await page.goBack();
    await page.waitForURL('**/runs?tag=kept');
    await page.goForward();
    await page.reload();
    await rowOf(page, 'kept-2').waitFor();
    expect(await page.getByRole('checkbox', { name: /^Failed/ }).isChecked()).toBe(true);
  }, 60_000);

  test('filters by a range of the histogram, dragged or chosen by keyboard', async () => {
    await createFailedRuns(5, 'history');
    const { page } = await browser.open(`${address}/runs?tag=history`);
    const histogram = page.getByRole('slider', { name: /^Runs over time/ });
    await until(async () => (await histogram.getAttribute('aria-valuetext'))?.endsWith('5 Failed') ?? false);
    await histogram.press('ArrowLeft');
    await histogram.press('Shift+ArrowLeft');
    await histogram.press('Enter');
    await page.waitForURL(/after=.*&before=/);
    await page.getByText('5 match').waitFor();
    const loaded = page.waitForResponse(isHistory);
    await page.goBack();
    await page.waitForURL('**/runs?tag=history');
    await (await loaded).finished();
    await dragHistogram(page);
    await page.waitForURL(/after=.*&before=/);
    await page.getByText('No run matches.').waitFor();
  }, 60_000);

  test('chooses the range that is dragged, also if newer bars load meanwhile', async () => {
    await createFailedRuns(5, 'dragged');
    const { page } = await browser.open(`${address}/runs?tag=dragged`);
    const histogram = page.getByRole('slider', { name: /^Runs over time/ });
    await until(async () => (await histogram.getAttribute('aria-valuetext'))?.endsWith('5 Failed') ?? false);
    let release: () => void = () => undefined;
    const released = new Promise<void>(resolve => {
      release = resolve;
    });
    await page.route('**/graphql', async route => {
      if ((route.request().postData() ?? '').includes('query RunHistory')) await released;
      await route.continue();
    });
    const asked = page.waitForRequest('**/graphql');
    await button(page, 'Refresh').click();
    await asked;
    await dragHistogram(page, async () => {
      const loaded = page.waitForResponse(isHistory);
      release();
      await (await loaded).finished();
    });
    await page.waitForURL(/after=.*&before=/);
    await page.getByText('No run matches.').waitFor();
  }, 60_000);

  test('offers flows and tags in use while a filter is typed', async () => {
    await createFailedRuns(1, 'offered');
    const { page } = await browser.open(`${address}/runs`);
    await page.getByLabel('Tags').fill('offer');
    await page.locator('datalist option[value="offered"]').waitFor({ state: 'attached' });
    await page.getByLabel('Tags').fill('offered');
    await page.keyboard.press('Enter');
    await page.getByLabel('Flow', { exact: true }).fill('etl');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/runs?flow=etl&tag=offered');
  }, 60_000);

  test('marks a row that changes where it stands, and counts the runs that come to match', async () => {
    const [first] = await createFailedRuns(3, 'live');
    const { page } = await browser.open(`${address}/runs?tag=live&state=FAILED`);
    await rowOf(page, 'live-0').waitFor();
    const setState = (flowRunId: string | undefined, type: string) =>
      gateway.ask('mutation ($input: SetFlowRunStateInput!) { setFlowRunState(input: $input) { status } }', {
        input: { flowRunId, state: { type } },
      });
    // The subscription may start after the first change.
    await until(async () => {
      await setState(first, 'SCHEDULED');
      return (await rowOf(page, 'live-0').getByText('changed').count()) === 1;
    });
    await rowOf(page, 'live-0').getByText('Scheduled').waitFor();
    expect(await page.locator('tbody tr[aria-rowindex]').count()).toBe(3);
    await createFailedRuns(1, 'live');
    await button(page, 'Load the list again').click();
    await page.getByText('3 match').waitFor();
  }, 60_000);

  test('says nothing of runs beyond the loaded rows that change and match as before, and how many more match', async () => {
    const ids = await createFailedRuns(400, 'beyond');
    const { page } = await browser.open(`${address}/runs?tag=beyond`);
    await page.getByText('400 match').waitFor();
    let counted = 0;
    page.on('response', response => {
      if (response.request().postData()?.includes('query RunsCount')) counted++;
    });
    // The subscription may start after the first change.
    const start = performance.now();
    let changed = 0;
    await until(async () => {
      await gateway.ask(
        'mutation ($input: SetFlowRunStateInput!) { setFlowRunState(input: $input) { status } }',
        { input: { flowRunId: ids[changed++], state: { type: 'SCHEDULED' } } },
      );
      return counted > 0 || changed > 150;
    });
    await until(() => counted > 0);
    // The changes of five seconds are counted once.
    expect(performance.now() - start).toBeGreaterThan(4000);
    expect(await page.locator('.runs-news').count()).toBe(0);
    await createFailedRuns(1, 'beyond');
    const news = page.locator('.runs-news span');
    await news.waitFor();
    expect(await news.textContent()).toBe('1 more run matches now.');
    await button(page, 'Load the list again').click();
    await page.getByText('401 match').waitFor();
    await news.waitFor({ state: 'detached' });
  }, 60_000);

  test('reports that changes were missed where the runs cannot be counted again', async () => {
    await createFailedRuns(2, 'uncounted');
    const { page } = await browser.open('about:blank');
    let counts = 0;
    await page.route('**/graphql', async route => {
      const { query } = route.request().postDataJSON() as { query: string };
      const error = { message: 'The database is away.', extensions: { code: 'UNAVAILABLE' } };
      if (query.includes('query RunsCount') && ++counts > 1)
        await route.fulfill({ json: { errors: [error] } });
      else await route.continue();
    });
    await page.goto(`${address}/runs?tag=uncounted`);
    await page.getByText('2 match').waitFor();
    // The subscription may start after the first change.
    await until(async () => {
      await createFailedRuns(1, 'uncounted');
      return counts > 1;
    });
    await page.locator('.runs-news').getByText('Some changes were missed.').waitFor();
  }, 60_000);

  test('shows beside the button how far a plan is', async () => {
    await createFailedRuns(2, 'progress');
    const { page } = await browser.open('about:blank');
    let release: () => void = () => undefined;
    const released = new Promise<void>(resolve => {
      release = resolve;
    });
    await page.routeWebSocket('**/graphql', socket => {
      const server = socket.connectToServer();
      socket.onMessage(async message => {
        if (message.includes('subscription PlanProgress')) await released;
        server.send(message);
      });
    });
    await page.goto(`${address}/runs?tag=progress`);
    await button(page, 'Select all 2 that match').click();
    await button(page, /^Act/).click();
    await page.getByLabel('Reason').fill('The warehouse is back');
    await page.getByRole('button', { name: 'Plan', exact: true }).click();
    const actions = page.locator('.act .actions').filter({ has: page.getByRole('button', { name: 'Plan' }) });
    await actions.getByText(/^Planning/).waitFor();
    expect(await page.getByRole('button', { name: 'Plan', exact: true }).isDisabled()).toBe(true);
    release();
    await button(page, 'Start: 2 runs').waitFor();
    await page.getByRole('button', { name: 'Plan again' }).waitFor();
    await actions.getByText('A plan writes nothing.').waitFor();
  }, 60_000);

  test('gives the new state the reason as its message, in view before the plan, or another one that is typed', async () => {
    const messageOf = async (tag: string) => {
      const { flowRuns } = await gateway.ask<{
        flowRuns: { nodes: { state: { message: string | null } }[] };
      }>('query ($filter: FlowRunFilter) { flowRuns(filter: $filter) { nodes { state { message } } } }', {
        filter: { tags: { all: [tag] } },
      });
      return flowRuns.nodes[0]?.state.message;
    };
    const expected = { reason: 'The warehouse is back', typed: 'See ticket 7', none: null };
    for (const [what, message] of Object.entries(expected)) {
      const tag = `message-${what}`;
      await createFailedRuns(1, tag);
      const { page } = await browser.open(`${address}/runs?tag=${tag}`);
      await button(page, 'Select all 1 that match').click();
      await button(page, /^Act/).click();
      const field = page.locator('.act').getByLabel('Message');
      await page.locator('.act').getByLabel('Reason').fill('The warehouse is back');
      if (what !== 'reason') await field.fill(message ?? '');
      expect(await field.inputValue()).toBe(message ?? '');
      await page.getByRole('button', { name: 'Plan', exact: true }).click();
      await button(page, 'Start: 1 run').click();
      await page.getByText('Started.').waitFor();
      await until(async () => (await countRuns(tag, 'SCHEDULED')) === 1);
      expect(await messageOf(tag)).toBe(message);
    }
  }, 60_000);

  test('says in the plan how long it takes at least at the rate that is typed, and nothing of the time without one', async () => {
    await createFailedRuns(5, 'forecast');
    const { page } = await browser.open(`${address}/runs?tag=forecast`);
    await button(page, 'Select all 5 that match').click();
    await plan(page);
    expect(await page.getByText('it takes at least').count()).toBe(0);
    await page.getByText('Brakes, subflows and waits').click();
    await page.getByLabel('Runs per second').fill('2');
    await page.getByRole('button', { name: 'Plan', exact: true }).click();
    await page.getByText('At 2 runs per second it takes at least 2.5s.', { exact: true }).waitFor();
  }, 60_000);

  test('says beside the name of the caller that the gateway asks for no key', async () => {
    const { page } = await browser.open(`${address}/runs`);
    const name = page.locator('.viewer');
    await name.waitFor();
    expect(await name.textContent()).toBe('local (no keys)');
    expect(await name.getAttribute('title')).toContain('every caller that reaches it acts as “local”');
  }, 60_000);

  test('is used by keyboard alone: filter, tick, plan and start', async () => {
    await createFailedRuns(3, 'keys');
    const { page } = await browser.open(`${address}/runs`);
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('keys-');
    await page.keyboard.press('Enter');
    await page.getByText('3 match').waitFor();
    await rowOf(page, 'keys-2').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByText('1 ticked run').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('a');
    await page.getByRole('heading', { name: 'Act' }).waitFor();
    const focused = () =>
      page.evaluate('(document.activeElement?.labels?.[0] ?? document.activeElement)?.textContent');
    const tabTo = async (name: string) => {
      for (let tabs = 0; tabs < 40; tabs++) {
        if (String(await focused()).startsWith(name)) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`Tab does not reach ${name}`);
    };
    await tabTo('Reason');
    await page.keyboard.type('The warehouse is back');
    await page.keyboard.press('Enter');
    await button(page, 'Start: 1 run').waitFor();
    await tabTo('Start: 1 run');
    await page.keyboard.press('Enter');
    await page.getByText('Started.').waitFor();
    await until(async () => (await countRuns('keys', 'SCHEDULED')) === 1);
  }, 60_000);

  test('has no problem that axe-core finds, in both themes and at widths of 1440 and 400 pixels', async () => {
    await createFailedRuns(3, 'axe');
    const { page, axeInAllLooks } = await browser.open(`${address}/runs?tag=axe`);
    await page.getByText('3 match').waitFor();
    await rowOf(page, 'axe-1').waitFor();
    await button(page, /^Select all/).click();
    await plan(page);
    expect(await axeInAllLooks()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    expect(await axeInAllLooks()).toEqual([]);
  }, 120_000);

  test('shows no runs for an address that cannot be read, and what is wrong with it', async () => {
    const { page, axe } = await browser.open(`${address}/runs?state=FAILD&after=yesterday&colour=red`);
    await page.getByText('state: "FAILD" is no state type.').waitFor();
    await page.getByText('colour: there is no such filter.').waitFor();
    await page.getByText(/^after: must be a date, time and zone/).waitFor();
    expect(await page.getByRole('table').count()).toBe(0);
    expect(await button(page, /^(Act|Select all)/).count()).toBe(0);
    expect(await axe()).toEqual([]);
  }, 60_000);

  test('reports a page that does not exist, with links to those that do', async () => {
    const { page, axe } = await browser.open(`${address}/nowhere`);
    await page.getByRole('heading', { name: 'No such page' }).waitFor();
    expect(await axe()).toEqual([]);
    await page.getByRole('link', { name: 'all runs' }).click();
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
  }, 60_000);

  test('reports a start that the gateway refuses beside the button', async () => {
    await createFailedRuns(2, 'refused');
    const { page } = await browser.open(`${address}/runs?tag=refused`);
    await button(page, 'Select all 2 that match').click();
    await plan(page);
    const { bulkOperations } = await gateway.ask<{ bulkOperations: { nodes: { id: string }[] } }>(
      '{ bulkOperations(first: 1) { nodes { id } } }',
    );
    await gateway.ask('mutation ($id: ID!) { cancelBulkOperation(id: $id) { __typename } }', {
      id: bulkOperations.nodes[0]?.id ?? randomUUID(),
    });
    await button(page, 'Start: 2 runs').click();
    await page.getByRole('alert').getByText('NOT_PLANNED').waitFor();
    expect(await countRuns('refused', 'FAILED')).toBe(2);
  }, 60_000);
});
