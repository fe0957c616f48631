import type { DataSource } from 'typeorm';
import { parseDatabaseAddress } from '../../../src/config/databaseAddress';
import { createDataSource } from '../../../src/persistence/connection/dataSource';
import { describeOnDatabases } from '../../harness/databases';

describeOnDatabases(['embedded'], 'a connection of the embedded database', database => {
  let dataSource: DataSource;
  beforeAll(async () => {
    dataSource = await createDataSource(parseDatabaseAddress(database.url)).initialize();
    await dataSource.query('CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT, weight REAL)');
    await dataSource.query("INSERT INTO thing VALUES (1, 'one', 0.5), (2, 'two 😀', NULL), (3, '', 1e300)");
  });
  afterAll(() => dataSource?.destroy());

  test('returns rows by the names of their columns', async () => {
    expect(await dataSource.query('SELECT * FROM thing ORDER BY id')).toEqual([
      { id: 1, name: 'one', weight: 0.5 },
      { id: 2, name: 'two 😀', weight: null },
      { id: 3, name: '', weight: 1e300 },
    ]);
    expect(await dataSource.query('SELECT COUNT(*), MAX(id) AS "the last" FROM thing')).toEqual([
      { 'COUNT(*)': 3, 'the last': 3 },
    ]);
  });

  test('returns more rows than the driver reads at once', async () => {
    const rows = await dataSource.query(
      'WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 1000) ' +
        'SELECT number FROM numbers',
    );
    expect(rows).toEqual(Array.from({ length: 1000 }, (_, index) => ({ number: index + 1 })));
  });

  test('returns no rows if there are none, and the rows that a change returns', async () => {
    expect(await dataSource.query('SELECT * FROM thing WHERE id = ?', [4])).toEqual([]);
    expect(await dataSource.query("UPDATE thing SET name = 'first' WHERE id = 1 RETURNING id, name")).toEqual(
      [{ id: 1, name: 'first' }],
    );
  });

  test('reports what is wrong with a statement, and continues', async () => {
    await expect(dataSource.query('SELECT missing FROM thing')).rejects.toThrow('no such column');
    await expect(dataSource.query('INSERT INTO thing (id) VALUES (2) RETURNING id')).rejects.toMatchObject({
      code: expect.stringMatching(/^SQLITE_CONSTRAINT/),
    });
    expect(await dataSource.query('SELECT id FROM thing WHERE id = ?', [2])).toEqual([{ id: 2 }]);
  });
});
