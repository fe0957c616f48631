import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { stateTypes } from '../../cli/stateTypes';
import { listenOn } from '../../src/http/sockets/listen';
import { type CommandResult, runCommand } from '../harness/commandLine';
import { describeOnDatabases } from '../harness/databases';
import { type OperationGateway, startOperationGateway } from '../operations/harness';

const key = 'a-key-of-the-tests';
const readKey = createHash('sha256').update(key).digest('hex');
const writeKey = createHash('sha256').update('another').digest('hex');

// The command line uses the public API only, which other tests run on every database.
const databases = ['embedded'] as const;

describeOnDatabases(databases, 'switchyard runs', database => {
  let gateway: OperationGateway;
  let failed: string[];
  let completed: string[];
  let environment: Record<string, string>;
  const run = (words: string[], more: Record<string, string> = {}, input = ''): Promise<CommandResult> =>
    runCommand(['runs', ...words], { ...environment, ...more }, input);
  beforeAll(async () => {
    gateway = await startOperationGateway(database.url);
    await gateway.clear();
    failed = await gateway.createRuns(
      3,
      { type: 'FAILED', message: 'The warehouse was down' },
      { tags: ['nightly', 'eu'] },
    );
    completed = await gateway.createRuns(2, { type: 'COMPLETED' }, { tags: ['nightly'] });
    environment = { SWITCHYARD_URL: gateway.url };
  }, 60_000);
  afterAll(() => gateway?.close());

  test('lists the runs that match all flags, newest first', async () => {
    const words = ['list', '--state', 'failed,CRASHED', '--tag', 'nightly', '--tag', 'eu', '-o', 'name'];
    expect(await run(words)).toEqual({ code: 0, stdout: `${failed.join('\n')}\n`, stderr: '' });
  });

  test('lists runs as JSON, JSON lines and CSV', async () => {
    const [json, lines, csv] = await Promise.all([
      run(['list', '--state', 'FAILED', '-o', 'json']),
      run(['list', '--state', 'FAILED', '-o', 'jsonl']),
      run(['list', '--state', 'FAILED', '-o', 'csv']),
    ]);
    const parsed = JSON.parse(json.stdout) as { id: string }[];
    expect(parsed.map(({ id }) => id)).toEqual(failed);
    expect(
      lines.stdout
        .trim()
        .split('\n')
        .map(line => JSON.parse(line) as unknown),
    ).toEqual(parsed);
    expect(csv.stdout.split('\n')[0]).toBe('id,state,flow,name,start,message');
    expect(csv.stdout.split('\n')[1]).toContain(`${failed[0]},FAILED,`);
  });

  test.each([80, 40])('prints no line of a table beyond %i columns', async columns => {
    const { stdout } = await run(['list'], { COLUMNS: String(columns) });
    const widest = Math.max(...stdout.split('\n').map(line => line.length));
    expect(widest).toBeLessThanOrEqual(columns);
    for (const id of [...failed, ...completed]) expect(stdout).toContain(id);
  });

  test('reports on stderr that there are more runs than it lists', async () => {
    const { stdout, stderr } = await run(['list', '--limit', '2', '-o', 'name']);
    expect(stdout.trim().split('\n')).toEqual([...completed]);
    expect(stderr).toContain('There are more');
  });

  test('counts the runs whose ids arrive on stdin', async () => {
    const ids = `${failed[0]}\n${completed[0]}\n`;
    const result = await run(['count', '--ids', '-', '-o', 'json'], {}, ids);
    expect(JSON.parse(result.stdout)).toMatchObject({ count: 2 });
  });

  test('rejects an empty list of ids, which does not mean every run', async () => {
    expect(await run(['count', '--ids', '-'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'switchyard: --ids: stdin has no ids\n',
    });
  });

  test('shows a run with the history of its states', async () => {
    const { code, stdout } = await run(['show', failed[0] ?? '']);
    expect(code).toBe(0);
    expect(stdout).toContain('FAILED (Failed)');
    expect(stdout).toContain('The warehouse was down');
  });

  test('accepts a filter as JSON, and no other flag beside it', async () => {
    const filter = JSON.stringify({ state: { type: { any: ['FAILED'] } } });
    expect(await run(['count', '--filter', filter, '-o', 'name'])).toMatchObject({ code: 0, stdout: '3\n' });
    const beside = await run(['count', '--filter', filter, '--tag', 'x']);
    expect(beside).toMatchObject({ code: 2, stdout: '' });
    expect(beside.stderr).toContain('--filter: cannot be used beside --tag');
  });

  test.each([
    [
      ['list', '--state', 'BROKEN'],
      `Must be one of ${stateTypes.join(', ')}. For names of states use --filter.`,
    ],
    [['list', '--since', 'yesterday'], '--since: must be a time ago'],
    [['list', '--tag', ''], '--tag: must not be empty'],
    [['list', '--id', 'x'], '--id, --ids: must be ids of runs (got x)'],
    [['list', '--limit', '0'], 'Must be a whole number from 1'],
    [['list', '--colour'], "unknown option '--colour'"],
  ])('rejects %j as wrong usage', async (words, message) => {
    const result = await run(words);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(message);
  });

  test('reports an error of the gateway, with its code', async () => {
    const result = await run(['count', '--filter', '{"color":1}']);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain('color');
  });
});

describeOnDatabases(databases, 'switchyard, where keys are required', database => {
  let gateway: OperationGateway;
  beforeAll(async () => {
    const API_KEYS = `reader:read:${readKey},writer:write:${writeKey}`;
    gateway = await startOperationGateway(database.url, { API_KEYS });
  }, 60_000);
  afterAll(() => gateway?.close());
  const count = (more: Record<string, string>) =>
    runCommand(['runs', 'count', '-o', 'name', '--url', gateway.url.replace('/graphql', '/')], more);

  test('sends the key, and exits with 4 without it, with a wrong one, and with one that lacks a scope', async () => {
    const [right, none, wrong, weak] = await Promise.all([
      count({ SWITCHYARD_API_KEY: key }),
      count({}),
      count({ SWITCHYARD_API_KEY: 'wrong' }),
      count({ SWITCHYARD_API_KEY: 'another' }),
    ]);
    expect(right).toEqual({ code: 0, stdout: '0\n', stderr: '' });
    expect(none).toMatchObject({ code: 4, stdout: '' });
    expect(none.stderr).toContain('Set SWITCHYARD_API_KEY');
    expect(wrong).toMatchObject({ code: 4, stdout: '' });
    expect(wrong.stderr).toContain('Check the key');
    expect(weak).toMatchObject({ code: 4, stdout: '' });
    expect(weak.stderr).toContain('FORBIDDEN');
  });
});

describe('switchyard, without a gateway', () => {
  test('reports a gateway that is away, and an address that responds with something else', async () => {
    const other = createServer((_request, response) => response.end('<html></html>'));
    const { port } = await listenOn(other, { host: '127.0.0.1', port: 0 });
    const away = await runCommand(['runs', 'list', '--url', 'http://127.0.0.1:9']);
    const html = await runCommand(['runs', 'list', '--url', `http://127.0.0.1:${port}`]);
    other.close();
    expect(away).toMatchObject({ code: 1, stdout: '' });
    expect(away.stderr).toContain('No gateway responds at http://127.0.0.1:9/graphql');
    expect(html).toMatchObject({ code: 1, stdout: '' });
    expect(html.stderr).toContain('not as a gateway does');
  });

  test.each([404, 405])('names a Prefect server, which responds to a query with %i', async status => {
    const prefect = createServer(({ url }, response) => {
      if (url === '/api/admin/version') response.end('"3.4.25"');
      else response.writeHead(status).end('{"detail":"Not Found"}');
    });
    const { port } = await listenOn(prefect, { host: '127.0.0.1', port: 0 });
    const address = `http://127.0.0.1:${port}`;
    const listed = await runCommand(['runs', 'list', '--url', address]);
    prefect.close();
    expect(listed).toEqual({
      code: 1,
      stdout: '',
      stderr: `switchyard: ${address} is a Prefect server: name the gateway with --url or SWITCHYARD_URL.\n`,
    });
  });

  test('reports the response of a server that never responds with a version', async () => {
    const silent = createServer(({ url }, response) => {
      if (url !== '/api/admin/version') response.writeHead(404).end('nothing here');
    });
    const { port } = await listenOn(silent, { host: '127.0.0.1', port: 0 });
    const listed = await runCommand(['runs', 'list', '--url', `http://127.0.0.1:${port}`]);
    silent.closeAllConnections();
    silent.close();
    expect(listed).toMatchObject({ code: 1, stdout: '' });
    expect(listed.stderr).toContain('responds with 404, but not as a gateway does');
  });
});
