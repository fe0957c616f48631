import { migrations } from '../../src/persistence/migrations';
import { runCommand } from '../harness/commandLine';
import { databaseKinds, describeOnEmptyDatabases } from '../harness/databases';

describeOnEmptyDatabases(databaseKinds, 'switchyard migrate', database => {
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
