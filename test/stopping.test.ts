import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { builtFile } from './harness/builtFile';

const root = resolve(__dirname, '..');

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

function startFaulty(fault: string, stdout: 'pipe' | number = 'pipe'): ChildProcess {
  return spawn(process.execPath, [builtFile('test/harness/faultyProcess.js'), fault], {
    stdio: ['ignore', stdout, 'inherit'],
  });
}

async function endOf(child: ChildProcess): Promise<Ended> {
  const closed = once(child, 'close');
  const output = child.stdout === null ? '' : await text(child.stdout);
  await closed;
  return { code: child.exitCode, output };
}

describe('the end of a process', () => {
  test.each(['throw', 'reject'])(
    'a fault that no code handles (%s) is logged with its cause, and the process stops in an orderly way with exit code 1',
    async fault => {
      const { code, output } = await endOf(startFaulty(fault));
      expect(code).toBe(1);
      const lines = output
        .trim()
        .split('\n')
        .map(line => JSON.parse(line));
      expect(lines).toMatchObject([
        { level: 'fatal', err: { message: 'the outer fault', cause: { message: 'the inner fault' } } },
        { level: 'info', msg: 'finished what was in hand' },
        { level: 'info', msg: 'stopped' },
      ]);
    },
    30_000,
  );

  test('a server that hangs while its connection is closed does not delay the process, which exits with code 0', async () => {
    const child = startFaulty('hang');
    child.stdout?.once('data', () => child.kill('SIGTERM'));
    const { code, output } = await endOf(child);
    expect(code).toBe(0);
    expect(output).toContain('could not be closed in time');
  }, 30_000);

  test('a log that cannot be written costs only its lines: the process stops on a signal', async () => {
    const child = startFaulty('throw', openSync('/dev/full', 'w'));
    expect((await endOf(child)).code).toBe(1);
  }, 30_000);
});

describe('npm start', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'switchyard-start-'));
    await mkdir(join(folder, 'dist/src'), { recursive: true });
    await cp(join(root, 'package.json'), join(folder, 'package.json'));
    await writeFile(
      join(folder, 'dist/src/main.js'),
      `process.on('SIGTERM', () => {
        require('node:fs').writeFileSync('stopped', process.argv.slice(2).join(' '));
        process.exit();
      });
      setInterval(() => {}, 1000);
      console.log('running');`,
    );
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('passes a signal to the process, with words after -- as well', async () => {
    const npm = spawn('npm', ['start', '--', '--role', 'worker'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    npm.stdout.on('data', (chunk: Buffer) => {
      if (chunk.includes('running')) npm.kill('SIGTERM');
    });
    await once(npm, 'close');
    expect(await readFile(join(folder, 'stopped'), 'utf8')).toBe('--role worker');
  }, 60_000);
});
