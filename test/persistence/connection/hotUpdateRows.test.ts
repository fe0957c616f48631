import * as fc from 'fast-check';
import type { DataSource } from 'typeorm';
import type { Dialect } from '../../../src/persistence/connection/dialect';
import { updateRows } from '../../../src/persistence/connection/hotUpdateRows';
import type { SqlExecutor } from '../../../src/persistence/connection/statements';
import { longText, type RawRow, rowReader, seconds, uuid } from '../../../src/persistence/entities/columns';
import { anyLengthOfTime } from '../../harness/anyLengthOfTime';
import { describeOnEveryDatabase } from '../../harness/databases';
import { openTable } from './openTable';

const columns = { id: uuid('id'), runTime: seconds('run_time') };
const table = { tableName: 'updated_values', columns };

describeOnEveryDatabase('updating rows', database => {
  let dataSource: DataSource;
  let dialect: Dialect;
  beforeAll(async () => {
    ({ dataSource, dialect } = await openTable(database.url, 'updated_values', columns));
  });
  afterAll(() => dataSource?.destroy());

  test('stores lengths of time to the microsecond, each row its own', async () => {
    const lengths = fc.array(anyLengthOfTime, { minLength: 1000, maxLength: 1000 });
    await fc.assert(
      fc.asyncProperty(lengths, async runTimes => {
        await dataSource.query('DELETE FROM updated_values');
        const rows = runTimes.map((runTime, index) => ({
          id: `id ${String(index).padStart(4, '0')}`,
          runTime,
        }));
        const places = rows.map(() => '(?, 0)').join(', ');
        const ids = rows.map(({ id }) => id);
        await dataSource.query(`INSERT INTO updated_values VALUES ${places}`, ids);

        const changes = rows.map(after => ({ key: after.id, before: { ...after, runTime: -1 }, after }));
        await updateRows(dataSource, dialect, table, changes);

        const stored: RawRow[] = await dataSource.query('SELECT * FROM updated_values ORDER BY id');
        expect(stored.map(rowReader(columns))).toEqual(rows);
      }),
      { numRuns: 10 },
    );
  });

  test('gives all changed rows the values that are set, and no other row', async () => {
    await dataSource.query('DELETE FROM updated_values');
    await dataSource.query("INSERT INTO updated_values VALUES ('a', 1), ('b', 1), ('c', 1)");
    const unchanged = ['a', 'b'].map(id => ({
      key: id,
      before: { id, runTime: 1 },
      after: { id, runTime: 1 },
    }));

    await updateRows(dataSource, dialect, table, unchanged, { set: { run_time: 2 } });

    const stored: RawRow[] = await dataSource.query('SELECT * FROM updated_values ORDER BY id');
    expect(stored.map(rowReader(columns))).toEqual([
      { id: 'a', runTime: 2 },
      { id: 'b', runTime: 2 },
      { id: 'c', runTime: 1 },
    ]);
  });

  test('splits rows by their size with all escapes, so that each statement fits the smallest packet of servers', async () => {
    const columnsOfTexts = { id: uuid('id'), text: longText('text') };
    const texts = await openTable(database.url, 'updated_texts', columnsOfTexts);
    try {
      const rows = Array.from({ length: 40 }, (_, index) => ({
        id: `id ${String(index).padStart(2, '0')}`,
        text: `${index}${'\\"'.repeat(10_000)}`,
      }));
      for (const { id } of rows)
        await texts.dataSource.query("INSERT INTO updated_texts VALUES (?, '')", [id]);
      const sizes: number[] = [];
      const connection: SqlExecutor = {
        getRepository: texts.dataSource.getRepository.bind(texts.dataSource),
        query: (sql, parameters = []) => {
          sizes.push(String(parameters[0]).length);
          return texts.dataSource.query(sql, parameters);
        },
      };

      const changes = rows.map(after => ({ key: after.id, before: { ...after, text: '' }, after }));
      await updateRows(connection, dialect, { tableName: 'updated_texts', columns: columnsOfTexts }, changes);

      expect(sizes.length).toBeGreaterThan(1);
      // Each character may need one more when the parameter becomes a part of the statement.
      expect(Math.max(...sizes)).toBeLessThan(2 ** 20 / 2);
      const stored: RawRow[] = await texts.dataSource.query('SELECT * FROM updated_texts ORDER BY id');
      expect(stored.map(rowReader(columnsOfTexts))).toEqual(rows);
    } finally {
      await texts.dataSource.destroy();
    }
  });
});
