import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { createExclusively } from '../../../src/persistence/connection/namedLocks';
import { describeOnDatabases } from '../../harness/databases';
import { endLockOf } from '../../harness/endLockOf';
import { until } from '../../harness/waiting';

const checkMilliseconds = 10;
const checks = 'IS_USED_LOCK';

describeOnDatabases(['mysql', 'mariadb'], 'named locks', database => {
  let one: Database;
  let other: Database;
  const statements: string[] = [];
  beforeAll(async () => {
    const ignore = () => undefined;
    const logger = {
      logQuery: (sql: string) => statements.push(sql),
      logQueryError: ignore,
      logQuerySlow: ignore,
      logSchemaBuild: ignore,
      logMigration: ignore,
      log: ignore,
    };
    one = await openDatabase({ url: database.url, logger });
    other = await openDatabase({ url: database.url });
  });
  afterAll(async () => {
    await one.close();
    await other.close();
  });

  test('abort the work under them where the server drops them', async () => {
    const exclusively = createExclusively(one.writer, one.dialect, checkMilliseconds);
    let wasAborted = false;
    const first = exclusively('turns', async signal => {
      await endLockOf(other, 'turns');
      await until(async () => (await other.exclusively('turns', async () => 'taken over')) === 'taken over');
      await until(() => signal.aborted);
      wasAborted = true;
      return 'ended';
    });
    expect(await first).toBe('ended');
    expect(wasAborted).toBe(true);
    expect(await exclusively('turns', async () => 'taken again')).toBe('taken again');
  });

  test('are held while checks of them succeed', async () => {
    const exclusively = createExclusively(one.writer, one.dialect, checkMilliseconds);
    const count = () => statements.filter(sql => sql.includes(checks)).length;
    const before = count();
    const isAborted = await exclusively('turns', async signal => {
      await until(() => count() >= before + 5);
      expect(await other.exclusively('turns', async () => 'second')).toBeNull();
      return signal.aborted;
    });
    expect(isAborted).toBe(false);
    expect(await other.exclusively('turns', async () => 'second')).toBe('second');
  });
});
