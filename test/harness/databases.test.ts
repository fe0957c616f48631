import { openDatabase } from '../../src/persistence/connection/database';
import {
  databaseKinds,
  describeOnDatabases,
  describeOnEmptyDatabases,
  describeOnEveryDatabase,
} from './databases';

const urls: string[] = [];

describeOnEveryDatabase('a test database', database => {
  test('opens by its address, has all tables without rows, and is writable', async () => {
    const opened = await openDatabase({ url: database.url });
    try {
      expect(await opened.migrationStatus()).toEqual({ missing: 0, unknown: 0 });
      expect(await opened.writer.query('SELECT id FROM flow_run')).toEqual([]);
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

describeOnEmptyDatabases(databaseKinds, 'an empty test database', database => {
  test('has no tables', async () => {
    const opened = await openDatabase({ url: database.url });
    try {
      await expect(opened.writer.query('SELECT id FROM flow_run')).rejects.toThrow(
        /no such table|doesn't exist/,
      );
    } finally {
      await opened.close();
    }
  });
});

describeOnDatabases(['embedded'], 'another test database of the same kind', database => {
  test('is a separate one', () => {
    expect(urls).not.toContain(database.url);
  });
});
