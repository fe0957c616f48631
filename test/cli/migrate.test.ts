import { execFileSync } from 'node:child_process';
import { migrations } from '../../src/persistence/migrations';
import { runCommand } from '../harness/commandLine';
import { describeOnEveryDatabase } from '../harness/databases';

describeOnEveryDatabase('switchyard migrate', database => {
  const migrate = (...words: string[]) =>
    runCommand(['migrate', ...words, '-o', 'json'], { DATABASE_URL: database.url });

  test('runs the migrations, shows what is missing, and reverts the last one', async () => {
    const before = await migrate('status');
    expect(JSON.parse(before.stdout)).toEqual({ missing: migrations.length, unknown: 0 });
    const up = await migrate('up');
    expect(up).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(up.stdout)).toEqual({ missing: 0, unknown: 0 });
    expect(await migrate('down')).toMatchObject({ code: 2, stdout: '' });
    const down = await migrate('down', '--yes');
    expect(JSON.parse(down.stdout)).toEqual({ missing: 1, unknown: 0 });
  }, 60_000);
});

const completedBy = (script: string, words: string): string =>
  execFileSync('bash', [
    '-c',
    `${script}
COMP_WORDS=(${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _switchyard; echo "\${COMPREPLY[@]}"`,
  ])
    .toString()
    .trim();

test('completes commands and options in bash', async () => {
  const { code, stdout } = await runCommand(['completion', 'bash']);
  expect(code).toBe(0);
  expect(completedBy(stdout, 'switchyard op')).toBe('operations');
  expect(completedBy(stdout, 'switchyard operations ret')).toBe('retry');
  expect(completedBy(stdout, 'switchyard move SCHEDULED --dry')).toBe('--dry-run');
});
