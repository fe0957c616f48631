import { openDatabase } from '../../src/persistence/connection/database';
import { describeOnDatabases, describeOnEveryDatabase } from './databases';

const urls: string[] = [];

describeOnEveryDatabase('a test database', database => {
  test('opens by its address, and is empty and writable', async () => {
    const opened = await openDatabase({ url: database.url });
    try {
      await opened.writer.query('CREATE TABLE notes (text VARCHAR(20))');
      await opened.writer.query("INSERT INTO notes VALUES ('written')");

      expect(opened.kind).toBe(database.kind);
      expect(await opened.writer.query('SELECT text FROM notes')).toEqual([{ text: 'written' }]);
    } finally {
      await opened.close();
    }
  });

  test('is shared by the tests of its block, and by no other block', () => {
    expect(urls).not.toContain(database.url);
    urls.push(database.url);
  });
});

describeOnDatabases(['embedded'], 'another test database of the same kind', database => {
  test('is a separate one', () => {
    expect(urls).not.toContain(database.url);
  });
});
