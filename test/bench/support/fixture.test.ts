import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtFile } from '../../harness/builtFile';
import { until } from '../../harness/waiting';

const program = builtFile('test/bench/support/fixtures/openedWorkshop.js');

test.each(['SIGKILL', 'SIGTERM'] as const)('the files of a benchmark do not outlive %s', async signal => {
  const parent = await mkdtemp(join(tmpdir(), 'switchyard-workshops-'));
  const folders = async () => (await readdir(parent)).filter(name => name.startsWith('switchyard-bench-'));
  try {
    const bench = spawn(process.execPath, [program], {
      env: { ...process.env, TMPDIR: parent },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(bench.stdout, 'data');
    expect(await folders()).toHaveLength(1);

    bench.kill(signal);

    await until(async () => (await folders()).length === 0);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
});
