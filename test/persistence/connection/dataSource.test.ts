import { openDatabase } from '../../../src/persistence/connection/database';
import { describeOnDatabases } from '../../harness/databases';

describeOnDatabases(['mysql', 'mariadb'], 'the connections to a server', database => {
  test.each([
    ['a server', () => []],
    ['replicas', () => [database.url, database.url]],
  ])('have the same settings, the first and the last, to %s', async (_what, replicaUrls) => {
    const opened = await openDatabase({ url: database.url, replicaUrls: replicaUrls(), poolSize: 3 });
    try {
      const isolation = opened.kind === 'mysql' ? 'transaction_isolation' : 'tx_isolation';
      for (const dataSource of [opened.writer, opened.reader]) {
        // Asked at once, each by a connection of its own.
        const settings = await Promise.all(
          Array.from({ length: 3 }, () =>
            dataSource.query(
              `SELECT @@${isolation} AS isolation, @@innodb_lock_wait_timeout AS seconds, SLEEP(0.1)`,
            ),
          ),
        );
        for (const [row] of settings)
          expect(row).toMatchObject({ isolation: 'READ-COMMITTED', seconds: '2' });
      }
    } finally {
      await opened.close();
    }
  });
});
