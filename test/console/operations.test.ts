import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { formatSeconds } from '../../console/ui/formatTime';
import type { BulkOperationId } from '../../src/domain/identifiers';
import { purgeOperation } from '../../src/persistence/operations/purge';
import { runCommand } from '../harness/commandLine';
import { type ConsoleBrowser, missingBrowser } from '../harness/consoleBrowser';
import { type ConsoleFixture, startConsole } from '../harness/consoleFixture';
import { describeWhere } from '../harness/describeWhere';
import type { TestGateway } from '../harness/gateway';
import { until } from '../harness/waiting';
import { parseCsv } from '../http/export/parseCsv';

describeWhere(missingBrowser, 'the pages of operations in a browser', () => {
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

  const createRuns = (count: number, tag: string, type = 'FAILED') =>
    fixture.createRuns(count, tag, { state: { type } });

  interface Operation {
    readonly id: string;
    readonly status: string;
    readonly runsPerSecond: number | null;
  }

  async function begin(call: string, tag: string, type: string, options: object): Promise<string> {
    const input = {
      flowRuns: { tags: { all: [tag] } },
      state: { type },
      reason: `Operation on ${tag}`,
      ...options,
    };
    const { begun } = await gateway.ask<{ begun: { id: string } }>(
      `mutation ($input: BulkOperationInput!) { begun: ${call}(input: $input) { ... on BulkOperation { id } } }`,
      { input },
    );
    return begun.id;
  }
  const startOperation = (tag: string, type: string, options: object = {}) =>
    begin('startBulkOperation', tag, type, options);
  const planOperation = (tag: string, type: string, options: object = {}) =>
    begin('planBulkOperation', tag, type, options);

  const operationOf = async (id: string): Promise<Operation> =>
    (
      await gateway.ask<{ bulkOperation: Operation }>(
        'query ($id: ID!) { bulkOperation(id: $id) { id status runsPerSecond } }',
        { id },
      )
    ).bulkOperation;
  const hasStatus = (id: string, status: string) =>
    until(async () => (await operationOf(id)).status === status);

  const rowOf = (page: Page, tag: string) =>
    page.getByRole('row').filter({ has: page.getByRole('link', { name: `Operation on ${tag}` }) });

  test('pauses, resumes and cancels from the list, and goes on while the page is closed', async () => {
    await createRuns(600, 'slow');
    const { page, problems, axe } = await browser.open(`${address}/operations`);
    await page.getByText('No operation yet.').waitFor();
    const id = await startOperation('slow', 'SCHEDULED', { runsPerSecond: 20 });
    const row = rowOf(page, 'slow');
    await row.getByRole('button', { name: 'Pause' }).click();
    await row.getByText('Paused').waitFor();
    await hasStatus(id, 'PAUSED');
    expect(await axe()).toEqual([]);
    await row.getByRole('button', { name: 'Resume' }).click();
    await hasStatus(id, 'RUNNING');
    await page.close();
    expect((await operationOf(id)).status).toBe('RUNNING');

    const again = await browser.open(`${address}/operations?status=RUNNING`);
    const running = rowOf(again.page, 'slow');
    await running.getByRole('button', { name: 'Cancel' }).click();
    await again.page.getByRole('dialog').getByText('It cannot be resumed afterwards.').waitFor();
    expect((await operationOf(id)).status).toBe('RUNNING');
    await again.page.getByRole('button', { name: 'Cancel the operation' }).click();
    await hasStatus(id, 'CANCELLED');
    await again.page.getByText('No operation has this status.').waitFor();
    expect(problems).toEqual([]);
  }, 60_000);

  test('shows in one tab what is done in another, puts new operations on top, and sends no query meanwhile', async () => {
    await createRuns(400, 'shared');
    const [list, running] = await Promise.all([
      browser.open(`${address}/operations`),
      browser.open(`${address}/operations?status=RUNNING`),
    ]);
    await list.page.getByRole('heading', { name: 'Operations' }).waitFor();
    await running.page.getByText('No operation has this status.').waitFor();
    await until(async () => (await list.page.locator('[aria-busy=false]').count()) > 0);
    const queries: string[] = [];
    for (const { page } of [list, running])
      page.on('request', sent => {
        if (sent.url().endsWith('/graphql')) queries.push(sent.postData() ?? '');
      });
    const id = await startOperation('shared', 'SCHEDULED', { runsPerSecond: 5 });
    await rowOf(list.page, 'shared').waitFor();
    expect(await list.page.locator('.operations-table tbody tr').first().textContent()).toContain('shared');
    await rowOf(running.page, 'shared').waitFor();
    expect(queries).toEqual([]);

    const details = await browser.open(`${address}/operations/${id}`);
    await details.page.getByRole('button', { name: 'Pause' }).click();
    await rowOf(list.page, 'shared').getByText('Paused').waitFor();
    await running.page.getByText('No operation has this status.').waitFor();
    await rowOf(list.page, 'shared').getByRole('button', { name: 'Resume' }).click();
    await details.page.getByText('Running', { exact: true }).first().waitFor();
    await details.page.getByLabel('Runs per second').fill('');
    await details.page.getByRole('button', { name: 'Set rate' }).click();
    for (const { page } of [list, details]) {
      await page.getByText('400 of 400 runs decided').waitFor();
      await page.getByText('Completed', { exact: true }).first().waitFor();
    }
    expect(queries).toEqual([expect.stringContaining('mutation ResumeOperation')]);
  }, 60_000);

  test('starts a plan from its own page with the typed count, shows its items as they are decided, and shows the same in another tab', async () => {
    await createRuns(1200, 'planned');
    const id = await planOperation('planned', 'SCHEDULED', { runsPerSecond: 100 });
    await hasStatus(id, 'PLANNED');
    const [{ page, problems, axe }, other] = await Promise.all([
      browser.open(`${address}/operations/${id}`),
      browser.open(`${address}/operations/${id}`),
    ]);
    await other.page.getByText('A plan of 1,200 runs').waitFor();
    await other.page.getByText('At 100 runs per second it takes at least 12s.', { exact: true }).waitFor();
    const start = page.getByRole('button', { name: 'Start: 1,200 runs' });
    await start.waitFor();
    expect(await start.isDisabled()).toBe(true);
    await page.getByLabel('Type the number of runs').fill('1201');
    await page.getByText('These are 1,200 runs, not 1201.').waitFor();
    expect(await start.isDisabled()).toBe(true);
    expect(await axe()).toEqual([]);
    await page.getByLabel('Type the number of runs').fill('1,200');
    const results = (tab: Page, words: string) =>
      tab.locator('.items-scroll').getByText(words, { exact: true });
    await results(page, 'Predicted: accepted').first().waitFor();
    await start.click();
    const accepted = (tab: Page) => results(tab, 'Accepted').first().waitFor();
    await Promise.all([accepted(page), accepted(other.page)]);
    await page.getByLabel('Runs per second').fill('');
    await page.getByRole('button', { name: 'Set rate' }).click();
    for (const tab of [page, other.page]) {
      await tab.getByText('1,200 of 1,200 runs decided').waitFor();
      await until(async () => (await results(tab, 'Not decided').count()) === 0);
    }
    expect(problems).toEqual([]);
  }, 60_000);

  test('shows what a plan predicts of each run, that it has expired, and what to do', async () => {
    await createRuns(1, 'stale');
    await createRuns(1, 'stale', 'PENDING');
    const id = await planOperation('stale', 'PENDING');
    await hasStatus(id, 'PLANNED');
    const { page } = await browser.open(`${address}/operations/${id}`);
    await page.getByRole('button', { name: 'Start: 2 runs' }).waitFor();
    await page.getByText('2 of 2 runs predicted, 1 not to be accepted').waitFor();
    const items = page.locator('.items-scroll').getByRole('row');
    await items.filter({ hasText: 'Predicted: accepted' }).waitFor();
    await items.filter({ hasText: 'Predicted: aborted' }).getByText('PENDING_NOT_ALLOWED').waitFor();
    await page.clock.setFixedTime(Date.now() + 24 * 60 * 60 * 1000);
    await page.reload();
    await page.getByText('The plan has expired, and nothing was moved.').waitFor();
    expect(await page.getByRole('button', { name: /^Start: / }).count()).toBe(0);
  }, 60_000);

  test('reports a filter in the address that cannot be read, and shows no operations and no items', async () => {
    await createRuns(1, 'unread');
    const id = await startOperation('unread', 'SCHEDULED');
    const { page } = await browser.open(`${address}/operations?status=DONE&flow=etl`);
    await page.getByText('status: "DONE" is no status').waitFor();
    await page.getByText('flow: there is no such filter.').waitFor();
    expect(await page.locator('.operations-table tbody tr').count()).toBe(0);
    await page.getByRole('link', { name: 'start with an empty filter' }).click();
    await rowOf(page, 'unread').waitFor();
    await hasStatus(id, 'COMPLETED');
    await page.goto(`${address}/operations/${id}?status=DONE&run=1&run=2`);
    await page.getByText('status: "DONE" is no result.').waitFor();
    await page.getByText('run: must be given once.').waitFor();
    expect(await page.getByRole('table', { name: 'Items' }).count()).toBe(0);
    await page.getByRole('link', { name: 'start with an empty filter' }).click();
    await page.getByRole('link', { name: 'unread-0' }).waitFor();
  }, 60_000);

  test('changes the rate, retries what was rejected, and undoes, each after saying how many runs that concerns', async () => {
    await createRuns(4, 'mixed');
    await createRuns(3, 'mixed', 'PENDING');
    const id = await startOperation('mixed', 'PENDING', { runsPerSecond: 1, canary: 1 });
    await hasStatus(id, 'PAUSED');
    const { page, problems } = await browser.open(`${address}/operations/${id}`);
    await page.getByText('Paused after its canary').waitFor();
    await page.getByLabel('Runs per second').fill('0');
    await page.getByText('Must be a whole number from 1 on').waitFor();
    await page.getByLabel('Runs per second').fill('500');
    await page.getByRole('button', { name: 'Set rate' }).click();
    await until(async () => (await operationOf(id)).runsPerSecond === 500);
    await page.getByRole('button', { name: 'Resume' }).click();
    await hasStatus(id, 'COMPLETED_WITH_FAILURES');

    await page.getByText('Completed with failures').first().waitFor();
    await page.getByRole('button', { name: 'Retry …' }).click();
    await page
      .getByRole('dialog')
      .getByText(/of this operation .* decided again by the/)
      .waitFor();
    await page.getByLabel('Reason').fill('Once more');
    await page.getByRole('button', { name: /^Retry: / }).click();
    await page.getByRole('heading', { name: 'Once more' }).waitFor();
    await page.getByRole('link', { name: id }).click();

    await page.getByRole('button', { name: 'Undo …' }).click();
    await page.getByLabel('Reason').fill('Back again');
    await page.getByRole('button', { name: /^Undo: 4 runs/ }).click();
    await page.getByRole('heading', { name: 'Back again' }).waitFor();
    await page.getByText('Completed', { exact: true }).waitFor();
    await page.getByRole('link', { name: id }).click();
    await page.getByText('Undone by').waitFor();
    await page.getByText('It is undone already.').waitFor();
    await page.getByText('Completed with failures · undone', { exact: true }).waitFor();
    await page.goto(`${address}/operations`);
    await rowOf(page, 'mixed').getByText('Completed with failures · undone', { exact: true }).waitFor();
    expect(problems).toEqual([]);
  }, 60_000);

  test('shows 1,400 items by result, code and run, and renders and holds only those around the view', async () => {
    const [first = ''] = await createRuns(1400, 'many');
    const id = await startOperation('many', 'SCHEDULED');
    await hasStatus(id, 'COMPLETED');
    const { page, axe } = await browser.open(`${address}/operations/${id}`);
    const rows = page.getByRole('table', { name: 'Items', exact: true }).locator('tbody tr[aria-rowindex]');
    await page.getByRole('link', { name: 'many-1399', exact: true }).waitFor();
    const list = page.locator('.items-scroll');
    await until(async () => {
      await list.evaluate(element => element.scrollTo(0, element.scrollHeight));
      return (await page.getByRole('link', { name: 'many-0', exact: true }).count()) === 1;
    });
    expect(await rows.count()).toBeLessThan(60);
    await list.evaluate(element => element.scrollTo(0, 0));
    await page.getByRole('link', { name: 'many-1399', exact: true }).waitFor();
    expect(await axe()).toEqual([]);

    await page.getByLabel('Run id').fill(first);
    await page.keyboard.press('Enter');
    await until(async () => (await rows.count()) === 1);
    await page.getByRole('link', { name: 'many-0', exact: true }).waitFor();
    await page.getByLabel('Result').selectOption('REJECT');
    await page.getByText('No item is like that.').waitFor();
    expect(new URL(page.url()).search).toBe(`?run=${first}&status=REJECT`);
  }, 60_000);

  test('downloads the items that are shown by one click, and shows beside the button why there is no download', async () => {
    const waiting = await createRuns(3, 'saved', 'PENDING');
    await createRuns(2, 'saved');
    const id = await startOperation('saved', 'PENDING');
    await hasStatus(id, 'COMPLETED_WITH_FAILURES');
    const { page, problems } = await browser.open(`${address}/operations/${id}`);
    const save = async (format: string): Promise<string> => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: format, exact: true }).click(),
      ]);
      return readFile(await download.path(), 'utf8');
    };
    const runsOf = (lines: string) =>
      [...lines.matchAll(/"flowRunId":"([^"]+)"/g)].map(([, run = '']) => run);
    await page.getByRole('link', { name: '3 items: show them' }).click();
    expect(runsOf(await save('JSONL')).toSorted()).toEqual(waiting.toSorted());
    await page.getByLabel('Run id').fill(waiting[0] ?? '');
    await page.keyboard.press('Enter');
    await page.waitForURL(/&run=/);
    const [head, record, ...rest] = parseCsv(await save('CSV'));
    expect(head?.[1]).toBe('flowRunId');
    expect(record?.[1]).toBe(waiting[0]);
    expect(rest).toEqual([]);

    await until(() => purgeOperation(gateway.services.database, id as BulkOperationId));
    await page.getByRole('button', { name: 'CSV', exact: true }).click();
    await page.getByRole('alert').getByText(`There is no bulk operation ${id}.`).waitFor();
    await page.getByText('NOT_FOUND').waitFor();
    expect(problems).toEqual([]);
  }, 60_000);

  test('goes on to the end of an operation whose page was closed in the middle, and shows its record on a new page', async () => {
    await createRuns(60, 'closed');
    const id = await startOperation('closed', 'SCHEDULED', { runsPerSecond: 1 });
    const { page } = await browser.open(`${address}/operations/${id}`);
    await page.getByText('Running', { exact: true }).first().waitFor();
    await page.close();
    expect((await operationOf(id)).status).toBe('RUNNING');
    await gateway.ask(
      'mutation ($id: ID!) { setBulkOperationRate(id: $id, runsPerSecond: null) { __typename } }',
      { id },
    );
    await hasStatus(id, 'COMPLETED');
    const again = await browser.open(`${address}/operations/${id}`);
    await again.page.getByText('60 of 60 runs decided').waitFor();
    await again.page.getByText(/^Ended /).waitFor();
    const facts = again.page.getByRole('region', { name: 'Facts' });
    await facts.getByText(/^[\d.]+s, pauses included$/).waitFor();
    const [started = 0, ended = 0] = await Promise.all(
      ['Started', 'Ended'].map(async name =>
        Date.parse((await facts.locator(`dt:text-is("${name}") + dd time`).getAttribute('datetime')) ?? ''),
      ),
    );
    expect(ended).toBeGreaterThan(started);
    expect(await facts.locator('dt:text-is("Took") + dd').textContent()).toContain(
      formatSeconds((ended - started) / 1000),
    );
    await again.page.getByRole('link', { name: '60 items: show them' }).waitFor();
    await again.page.getByRole('link', { name: 'closed-59', exact: true }).waitFor();
  }, 60_000);

  test('undoes more than 1,000 runs only after their number is typed', async () => {
    await createRuns(1001, 'thousand');
    const id = await startOperation('thousand', 'SCHEDULED');
    await hasStatus(id, 'COMPLETED');
    const { page } = await browser.open(`${address}/operations/${id}`);
    await page.getByRole('button', { name: 'Undo …' }).click();
    await page.getByLabel('Reason').fill('All of them back');
    const undo = page.getByRole('button', { name: 'Undo: 1,001 runs' });
    const count = page.getByLabel('Type the number of runs');
    expect(await undo.isDisabled()).toBe(true);
    await count.fill('1000');
    expect(await undo.isDisabled()).toBe(true);
    expect(await count.getAttribute('aria-invalid')).toBe('true');
    await page.getByText('These are 1,001 runs, not 1000. Type 1,001 if you mean them all').waitFor();
    await count.fill('1001');
    await undo.click();
    await page.getByRole('heading', { name: 'All of them back' }).waitFor();
    await page.getByText('1,001 of 1,001 runs decided').waitFor();
  }, 60_000);

  test('shows a speed and a time left that belong together, also after a pause', async () => {
    await createRuns(900, 'paced');
    const id = await startOperation('paced', 'SCHEDULED', { runsPerSecond: 20 });
    const { page } = await browser.open(`${address}/operations/${id}`);
    const panel = page.getByRole('region', { name: 'Progress' });
    const numbers = async () => {
      const [, decided, speed, minutes = '0', seconds] =
        /(\d+) of 900 runs decided.*?(\d+) runs per second · about (?:(\d+)m )?([\d.]+)s left/s.exec(
          (await panel.textContent()) ?? '',
        ) ?? [];
      return {
        pending: 900 - Number(decided),
        speed: Number(speed),
        left: Number(minutes) * 60 + Number(seconds),
      };
    };
    const check = async () => {
      await panel.getByText(/runs per second · about/).waitFor();
      const { pending, speed, left } = await numbers();
      expect(speed).toBeGreaterThan(0);
      // Both are rounded.
      expect(left).toBeGreaterThanOrEqual(pending / (speed + 0.5) - 1);
      expect(left).toBeLessThanOrEqual(pending / (speed - 0.5) + 1);
    };
    await check();
    await page.getByRole('button', { name: 'Pause' }).click();
    await panel.getByText(/runs per second · about/).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Resume' }).click();
    await check();
  }, 60_000);

  test('shows the whole name of a run that does not fit', async () => {
    const name = 'n'.repeat(120);
    const [run = ''] = await createRuns(1, name);
    const id = await startOperation(name, 'SCHEDULED');
    await hasStatus(id, 'COMPLETED');
    const { page } = await browser.open(`${address}/operations/${id}`);
    const link = page.getByRole('link', { name: `${name}-0` });
    expect(await link.getAttribute('title')).toBe(`${name}-0\n${run}`);
  }, 60_000);

  test('offers copies as GraphQL, curl and a command, each of which works as it is', async () => {
    await createRuns(2, 'copied');
    const id = await startOperation('copied', 'SCHEDULED');
    await hasStatus(id, 'COMPLETED');
    const { page } = await browser.open(`${address}/operations/${id}`);
    await page.getByText('As GraphQL, curl or command').click();
    const [query = '', curl = '', command = ''] = await page.locator('.copy pre').allTextContents();
    const counts = { matched: 2, pending: 0, accepted: 2 };
    const shown = { bulkOperation: expect.objectContaining({ status: 'COMPLETED', counts }) };
    expect(await gateway.ask(query)).toEqual(shown);

    const [, url = '', type = '', key = '', body = ''] =
      /^curl '(.+)' \\\n  -H 'content-type: (.+)' \\\n  -H "authorization: (.+)" \\\n  -d '(.+)'$/.exec(
        curl,
      ) ?? [];
    // A shell without the variable expands it to nothing.
    const authorization = key.replace('$SWITCHYARD_API_KEY', '');
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': type, authorization },
      body,
    });
    expect(await response.json()).toEqual({ data: shown });

    const [program, ...words] = command.replaceAll("'", '').split(' ');
    expect(program).toBe('switchyard');
    const { code, stdout, stderr } = await runCommand(words);
    expect(`${stdout}${stderr}`).toContain('COMPLETED');
    expect(code).toBe(0);
  }, 60_000);

  test('shows no operation for an id that there is none of', async () => {
    const { page } = await browser.open(`${address}/operations/0198c0de-0000-7000-8000-000000000000`);
    await page.getByRole('heading', { name: 'No such operation' }).waitFor();
  }, 60_000);

  test('has nothing that axe finds, in both themes and at widths of 1440 and 400 pixels', async () => {
    await createRuns(3, 'axe');
    const id = await startOperation('axe', 'PENDING');
    await hasStatus(id, 'COMPLETED');
    const list = await browser.open(`${address}/operations`);
    await rowOf(list.page, 'axe').waitFor();
    const details = await browser.open(`${address}/operations/${id}`);
    await details.page.getByRole('link', { name: 'axe-0' }).waitFor();
    expect(await list.axeInAllLooks()).toEqual([]);
    expect(await details.axeInAllLooks()).toEqual([]);
    await details.page.getByRole('button', { name: 'Undo …' }).click();
    expect(await details.axeInAllLooks()).toEqual([]);
  }, 120_000);
});
