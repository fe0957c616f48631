import { openDatabase } from '../../src/persistence/connection/database';
import { createDatabase, dropDatabase } from '../databases/sql';
import { describeOnDatabases } from './databases';
import { isAnybodyWaiting, until } from './waiting';

describeOnDatabases(['mysql', 'mariadb'], 'who waits for a row', database => {
  test('is reported of its own database only, while it waits', async () => {
    const address = new URL(database.url);
    address.pathname = '';
    const otherUrl = await createDatabase(address.href);
    const own = await openDatabase({ url: database.url });
    const other = await openDatabase({ url: otherUrl });
    try {
      await own.writer.query('CREATE TABLE counters (id INT PRIMARY KEY, number INT)');
      await own.writer.query('INSERT INTO counters VALUES (1, 0)');
      expect(await isAnybodyWaiting(own)).toBe(false);

      const holder = own.writer.createQueryRunner('master');
      await holder.startTransaction();
      await holder.query('UPDATE counters SET number = 1');
      const waiting = own.writer.query('UPDATE counters SET number = 2');
      try {
        await until(() => isAnybodyWaiting(own));
        expect(await isAnybodyWaiting(other)).toBe(false);
      } finally {
        await holder.rollbackTransaction();
        await holder.release();
      }
      await waiting;
      expect(await isAnybodyWaiting(own)).toBe(false);
    } finally {
      await Promise.all([own.close(), other.close()]);
      await dropDatabase(otherUrl);
    }
  });
});
