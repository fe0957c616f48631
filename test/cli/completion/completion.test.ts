import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOnPath } from '../../databases/commands';
import { runCommand } from '../../harness/commandLine';
import { describeWhere } from '../../harness/describeWhere';

const shells = [
  ['bash', ['--norc']],
  ['zsh', ['-f']],
  ['fish', ['--no-config']],
] as const;

for (const [shell, withoutUserFiles] of shells)
  describeWhere(
    findOnPath(shell) === null ? `${shell} is not on PATH` : null,
    `completion in ${shell}`,
    () => {
      let folder: string;
      let script: string;
      beforeAll(async () => {
        folder = await mkdtemp(join(tmpdir(), 'completion-'));
        script = join(folder, 'script');
        const { code, stdout } = await runCommand(['completion', shell]);
        expect(code).toBe(0);
        await writeFile(script, stdout);
      });
      afterAll(() => rm(folder, { recursive: true }));

      test.each([
        ['switchyard op', 'operations'],
        ['switchyard operations ret', 'retry'],
        ['switchyard --url http://127.0.0.1:4200 operations ret', 'retry'],
        ['switchyard move SCHEDULED --dry', '--dry-run'],
      ])('completes %j to %s', (line, word) => {
        // zsh writes into its folder what it found.
        const options = { timeout: 20_000, env: { ...process.env, ZDOTDIR: folder } };
        const complete = [...withoutUserFiles, join(__dirname, `complete.${shell}`), line, script];
        expect(execFileSync(shell, complete, options).toString().trim()).toBe(word);
      });
    },
  );
