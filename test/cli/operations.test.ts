import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { bulkOperationItemStatuses, bulkOperationStatuses } from '../../src/domain/bulkOperationEnums';
import { commandLine, root, runCommand } from '../harness/commandLine';
import { describeOnDatabases } from '../harness/databases';
import { runInTerminal } from '../harness/terminal';
import { type OperationGateway, startOperationGateway } from '../operations/harness';

const digestOf = (key: string): string => createHash('sha256').update(key).digest('hex');

/** Watches an operation in a process. */
function watch(id: string, url: string) {
  const words = [commandLine, 'operations', 'watch', id, '-o', 'name', '--url', url];
  const child = spawn(process.execPath, words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const closed = once(child, 'close');
  return {
    async reports(text: string): Promise<void> {
      while (!stderr.includes(text)) await once(child.stderr, 'data');
    },
    async ended() {
      await closed;
      return { code: child.exitCode, stdout, stderr };
    },
  };
}

// The command line uses the public API only, which other tests run on every database.
const databases = ['embedded'] as const;

describeOnDatabases(databases, 'switchyard operations', database => {
  const acceptedCount = 230;
  let gateway: OperationGateway;
  let environment: Record<string, string>;
  let accepted: string[];
  let aborted: string[];
  let id: string;
  beforeAll(async () => {
    gateway = await startOperationGateway(database.url);
    environment = { SWITCHYARD_URL: gateway.url };
    await gateway.clear();
    const deploymentId = await gateway.createDeployment();
    accepted = [];
    while (accepted.length < acceptedCount)
      accepted.push(...(await gateway.createRuns(46, { type: 'FAILED' }, { deploymentId })));
    aborted = await gateway.createRuns(2, { type: 'FAILED' });
    id = await gateway.start({
      state: { type: 'SCHEDULED' },
      flowRuns: { state: { type: { any: ['FAILED'] } } },
      reason: 'a test',
    });
    await gateway.ended(id);
  }, 60_000);
  afterAll(() => gateway?.close());
  const items = (words: string[], more: Record<string, string> = {}) =>
    runCommand(['operations', 'items', id, ...words], { ...environment, ...more });

  test('lists all items of an operation, over several pages, once each', async () => {
    const { code, stdout, stderr } = await items(['-o', 'name']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trim().split('\n').sort()).toEqual([...accepted, ...aborted].sort());
  });

  test('prints the same items as one JSON list, as JSON lines and as CSV with one head', async () => {
    const [json, lines, csv] = await Promise.all([
      items(['-o', 'json']),
      items(['-o', 'jsonl']),
      items(['-o', 'csv']),
    ]);
    const parsed = JSON.parse(json.stdout) as { flowRunId: string }[];
    expect(parsed).toHaveLength(acceptedCount + aborted.length);
    expect(json.stdout).toBe(`${JSON.stringify(parsed, null, 2)}\n`);
    expect(lines.stdout).toBe(parsed.map(item => `${JSON.stringify(item)}\n`).join(''));
    const [head, ...rows] = csv.stdout.trim().split('\n');
    expect(head).toBe('run,decision,code,name,from,to,decided,reason,moved another state');
    expect(rows.map(row => row.split(',')[0])).toEqual(parsed.map(({ flowRunId }) => flowRunId));
    for (const row of rows) expect(row).toMatch(/,false$/);
  });

  test('lists only the items with a decision and a code', async () => {
    const { stdout } = await items(['--status', 'abort', '-o', 'jsonl']);
    const found = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { flowRunId: string; code: string });
    expect(found.map(({ flowRunId }) => flowRunId).sort()).toEqual([...aborted].sort());
    const byCode = await items(['--code', found[0]?.code.toLowerCase() ?? '', '-o', 'name']);
    expect(byCode.stdout.trim().split('\n')).toHaveLength(2);
    const none = await items(['--status', 'PENDING', '-o', 'json']);
    expect(none).toEqual({ code: 0, stdout: '[]\n', stderr: 'No runs of the operation match.\n' });
  });

  test('lists at most as many items as asked for, over several pages, and reports that there are more', async () => {
    const [few, several, all] = await Promise.all([
      items(['--limit', '3', '-o', 'name']),
      items(['--limit', '210', '-o', 'jsonl']),
      items(['--limit', '232', '-o', 'name']),
    ]);
    expect(few.stdout.trim().split('\n')).toHaveLength(3);
    expect(few.stderr).toBe('There are more: these are the first 3. Use --limit for more of them.\n');
    expect(new Set(several.stdout.trim().split('\n')).size).toBe(210);
    expect(several.stderr).toContain('these are the first 210');
    expect(all.stdout.trim().split('\n')).toHaveLength(acceptedCount + aborted.length);
    expect(all.stderr).toBe('');
    expect(await items(['--limit', '0'])).toMatchObject({ code: 2, stdout: '' });
  });

  test('reports an operation and a decision that do not exist', async () => {
    const [unknown, wrong] = await Promise.all([
      runCommand(['operations', 'items', '0199c0de-0000-7000-8000-000000000001'], environment),
      items(['--status', 'lost']),
    ]);
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toContain('no operation has the id');
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    const names = Object.keys(bulkOperationItemStatuses).join(', ');
    expect(wrong.stderr).toContain(`'lost' is invalid. Must be one of ${names}.`);
  });

  test('rejects what is no status and what is no id before it sends anything, and names what is', async () => {
    const nowhere = { SWITCHYARD_URL: 'http://127.0.0.1:1' };
    const [status, name] = await Promise.all([
      runCommand(['operations', 'list', '--status', 'lost'], nowhere),
      runCommand(['operations', 'show', 'nightly'], nowhere),
    ]);
    expect([status.code, name.code]).toEqual([2, 2]);
    expect(status.stderr).toContain(`Must be one of ${Object.keys(bulkOperationStatuses).join(', ')}.`);
    expect(name.stderr).toContain(
      'Must be the id of an operation, as "switchyard operations list" prints it.',
    );
  });

  test('prints no line beyond 40 columns', async () => {
    const { stdout } = await items(['--status', 'ABORT'], { COLUMNS: '40' });
    expect(Math.max(...stdout.split('\n').map(line => line.length))).toBeLessThanOrEqual(40);
    for (const runId of aborted) expect(stdout).toContain(runId);
  });

  test('ends quietly with 0 if the reader closes the pipe', async () => {
    const words = [process.execPath, commandLine, 'operations', 'items', id, '-o', 'jsonl'];
    const pipeline = spawn('bash', ['-c', '"$@" | head -n 1; exit "${PIPESTATUS[0]}"', 'bash', ...words], {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    pipeline.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    pipeline.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    await once(pipeline, 'close');
    expect({ code: pipeline.exitCode, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trim().split('\n')).toHaveLength(1);
  });

  test('prints no escape code without a terminal, and no colour in one with NO_COLOR', async () => {
    const escape = '\u001b';
    const piped = await runCommand(['operations', 'watch', id], environment);
    expect(piped.stdout + piped.stderr).not.toContain(escape);
    const shown = await runInTerminal(['operations', 'watch', id], { ...environment, NO_COLOR: '1' });
    expect(shown.code).toBe(5);
    expect(shown.output.replaceAll(`${escape}[K`, '')).not.toContain(escape);
  });
});

describeOnDatabases(databases, 'switchyard operations watch', database => {
  test('goes on over a restart of the gateway, and reports it on stderr', async () => {
    const first = await startOperationGateway(database.url);
    await first.clear();
    await first.createRuns(2, { type: 'FAILED' }, { deploymentId: await first.createDeployment() });
    // Without a worker the operation stays RUNNING.
    await first.worker.stop();
    const id = await first.start({
      state: { type: 'SCHEDULED' },
      flowRuns: { state: { type: { any: ['FAILED'] } } },
      reason: 'a test',
    });
    const watching = watch(id, first.url);
    await watching.reports('0 of');
    await first.close();
    await watching.reports('Trying again until it responds.');
    const second = await startOperationGateway(database.url, { PORT: new URL(first.url).port });
    const { code, stdout, stderr } = await watching.ended();
    await second.close();
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${id}\n` });
    expect(stderr).toContain('The gateway responds again.');
  }, 60_000);
});

describeOnDatabases(databases, 'switchyard, with a key that lacks a scope', database => {
  let gateway: OperationGateway;
  beforeAll(async () => {
    const API_KEYS = `operator:read+operate:${digestOf('operator')},reader:read:${digestOf('reader')}`;
    gateway = await startOperationGateway(database.url, { API_KEYS });
  }, 60_000);
  afterAll(() => gateway?.close());
  const plan = (key: string, ...words: string[]) =>
    runCommand(['move', 'CANCELLED', '--all', '--reason', 'a test', '--dry-run', ...words], {
      SWITCHYARD_URL: gateway.url,
      SWITCHYARD_API_KEY: key,
    });

  test('exits with 4 and names the scope', async () => {
    const [allowed, forced, reading] = await Promise.all([
      plan('operator'),
      plan('operator', '--force'),
      plan('reader'),
    ]);
    expect(allowed.code).toBe(0);
    expect(forced).toMatchObject({ code: 4, stdout: '' });
    expect(forced.stderr).toContain('FORBIDDEN: operator lacks the scope "force"');
    expect(reading).toMatchObject({ code: 4, stdout: '' });
    expect(reading.stderr).toContain('FORBIDDEN: reader lacks the scope "operate"');
  });
});
