import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPrefect } from '../databases/prefect';
import { missingPrefect } from '../databases/testRun';
import { commandLine } from '../harness/commandLine';
import { describeWhere } from '../harness/describeWhere';
import { type GatewayProcess, startProcess } from '../harness/gatewayProcess';

let folder: string;
let demo: GatewayProcess;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchyard-demo-'));
});
afterEach(async () => {
  await demo.kill();
  await rm(folder, { recursive: true, force: true });
});

const start = (settings: Record<string, string>) => {
  demo = startProcess([commandLine, 'demo', '--attached'], folder, { PORT: '0', ...settings });
};

describeWhere(missingPrefect(), 'the attached demo', () => {
  test('plans, runs and undoes an operation in a Prefect server, and ends both on a signal', async () => {
    const search = await findPrefect();
    if (!search.found) throw new Error(search.reason);
    start({ PYTHONPATH: search.thing.packages });
    const [, prefect = ''] = await demo.printed(/It is at (http:\S+)\. Making runs/);
    const count = async (type: string) => {
      const body = JSON.stringify({ flow_runs: { state: { type: { any_: [type] } } } });
      const response = await fetch(`${prefect}/api/flow_runs/count`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      return response.json();
    };
    await demo.printed(/It has 120 runs\. Attaching/);
    const before = { failed: await count('FAILED'), completed: await count('COMPLETED') };
    await demo.printed(/ACCEPT +95 [^]*COMPLETED after/);
    await demo.printed(/And back again[^]*COMPLETED after/);
    const [, url = ''] = await demo.printed(/GraphiQL: (http:\S+)/);
    await demo.printed(/Stop with Ctrl-C\./);
    expect(demo.output()).toContain(`Prefect:  ${prefect}`);
    expect({ failed: await count('FAILED'), completed: await count('COMPLETED') }).toEqual(before);
    expect(await count('SCHEDULED')).toBe(0);

    demo.terminate();
    expect(await demo.ended()).toBe(0);
    for (const address of [`${prefect}/api/health`, url]) await expect(fetch(address)).rejects.toThrow();
  }, 240_000);
});

test.each([
  ['no Python', null, 'there is no Python 3.10 or newer on the PATH.'],
  ['no Prefect', '3 12 ', "Install it with: python3 -m pip install 'prefect==3.8.8' 'sqlalchemy<2.1'"],
  ['an old Prefect', '3 12 3.4.1', 'This demo needs Prefect 3.7 or newer, and finds 3.4.1.'],
])(
  'the attached demo says in one line what is missing: %s',
  async (_title, python, message) => {
    const programs = join(folder, 'programs');
    await mkdir(programs);
    if (python !== null) {
      await writeFile(join(programs, 'python3'), `#!/bin/sh\necho "${python}"\n`);
      await chmod(join(programs, 'python3'), 0o755);
    }
    start({ PATH: programs });
    expect(await demo.ended()).toBe(1);
    expect(demo.output()).toContain(message);
    expect(demo.output().trim().split('\n')).toHaveLength(1);
  },
  60_000,
);
