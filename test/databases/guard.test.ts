import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtFile } from '../harness/builtFile';
import { until } from '../harness/waiting';
import { isAlive } from './lock';

const fixture = builtFile('test/databases/fixtures/guarded.js');

async function startGuarded(folder: string): Promise<{ owner: ChildProcess; watched: number }> {
  const owner = spawn(process.execPath, [fixture, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed] = (await once(owner.stdout, 'data')) as [Buffer];
  return { owner, watched: Number(printed.toString()) };
}

test.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)('no process or folder outlives %s', async signal => {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-guard-'));
  const { owner, watched } = await startGuarded(folder);
  expect(isAlive(watched)).toBe(true);

  owner.kill(signal);

  await until(() => !existsSync(folder) && !isAlive(watched));
});
