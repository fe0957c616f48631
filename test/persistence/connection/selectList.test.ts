import * as fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { parseDatabaseAddress } from '../../../src/config/databaseAddress';
import { createDataSource } from '../../../src/persistence/connection/dataSource';
import { type Dialect, declaredType, dialectOf, kindOf } from '../../../src/persistence/connection/dialect';
import { columnsOf, selectList } from '../../../src/persistence/connection/selectList';
import {
  double,
  integer,
  longText,
  type RawRow,
  text,
  uuid,
} from '../../../src/persistence/entities/columns';
import { describeOnEveryDatabase } from '../../harness/databases';

const columns = {
  id: uuid('id'),
  count: integer('run_count'),
  seconds: double('seconds'),
  message: longText('message'),
  name: text('name'),
};

/** The largest whole number of the narrowest column that a database has for one. */
const largestInteger = 2 ** 31 - 1;

/** @param digits how many a database returns of a fraction. */
const rowsOf = (digits: number) =>
  fc.array(
    fc.record({
      run_count: fc.option(fc.integer({ min: -largestInteger, max: largestInteger })),
      seconds: fc.option(
        // A database has no negative zero.
        fc
          .double({ noNaN: true, min: -1e300, max: 1e300 })
          .map(value => Number(value.toPrecision(digits)) + 0),
      ),
      message: fc.option(fc.string({ unit: 'grapheme-composite', maxLength: 40 })),
      name: fc.option(
        fc.string({ unit: fc.constantFrom('"', '\\', "'", '\n', '\u2028', '😀', 'é', '\u0001', '0') }),
      ),
    }),
    { minLength: 1, maxLength: 20 },
  );

describeOnEveryDatabase('the list of a SELECT', database => {
  let dataSource: DataSource;
  let dialect: Dialect;
  beforeAll(async () => {
    dataSource = await createDataSource(parseDatabaseAddress(database.url)).initialize();
    dialect = dialectOf(kindOf(dataSource));
    const declared = Object.values(columns).map(
      ({ name, type }) => `${name} ${declaredType(type, dialect.types)}`,
    );
    await dataSource.query(`CREATE TABLE selected_values (${declared.join(', ')}, PRIMARY KEY (id))`);
  });
  afterAll(() => dataSource?.destroy());

  test('returns every value just as it is stored, whatever it is', async () => {
    const list = selectList(dialect, columnsOf('held', columns, 'held_'));
    // MySQL and MariaDB make a double of a decimal number that may differ in its last digit, and MariaDB prints fewer digits.
    const generated = rowsOf(dialect.kind === 'embedded' ? 17 : 15);
    await fc.assert(
      fc.asyncProperty(generated, async rows => {
        await dataSource.query('DELETE FROM selected_values');
        for (const [index, { run_count, seconds, message, name }] of rows.entries())
          await dataSource.query('INSERT INTO selected_values VALUES (?, ?, ?, ?, ?)', [
            `id ${String(index).padStart(4, '0')}`,
            run_count,
            seconds,
            message,
            name,
          ]);
        const found: RawRow[] = await dataSource.query(
          `SELECT ${list.sql} FROM selected_values held ORDER BY held.id`,
        );
        expect(found.map(list.read)).toEqual(
          rows.map(({ run_count, seconds, message, name }, index) => ({
            held_id: `id ${String(index).padStart(4, '0')}`,
            held_run_count: run_count,
            held_seconds: seconds,
            held_message: message,
            held_name: name,
          })),
        );
      }),
      { numRuns: 30 },
    );
  });
});
