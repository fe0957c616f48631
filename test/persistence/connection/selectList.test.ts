import * as fc from 'fast-check';
import type { DataSource } from 'typeorm';
import type { Dialect } from '../../../src/persistence/connection/dialect';
import { columnsOf, selectList } from '../../../src/persistence/connection/selectList';
import {
  integer,
  longText,
  nullable,
  prefixed,
  type RawRow,
  rowReader,
  seconds,
  text,
  uuid,
} from '../../../src/persistence/entities/columns';
import { anyLengthOfTime } from '../../harness/anyLengthOfTime';
import { describeOnEveryDatabase } from '../../harness/databases';
import { openTable } from './openTable';

const columns = {
  id: uuid('id'),
  count: nullable(integer('run_count')),
  seconds: nullable(seconds('seconds')),
  message: nullable(longText('message')),
  name: nullable(text('name')),
};
const readHeld = rowReader(prefixed(columns, 'held_'));

/** The largest whole number of the narrowest column that a database has for one. */
const largestInteger = 2 ** 31 - 1;

const someRows = fc.array(
  fc.record({
    count: fc.option(fc.integer({ min: -largestInteger, max: largestInteger })),
    seconds: fc.option(anyLengthOfTime),
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
    ({ dataSource, dialect } = await openTable(database.url, 'selected_values', columns));
  });
  afterAll(() => dataSource?.destroy());

  test('returns every value just as it is stored, whatever it is', async () => {
    const list = selectList(dialect, columnsOf('held', columns, 'held_'));
    await fc.assert(
      fc.asyncProperty(someRows, async rows => {
        await dataSource.query('DELETE FROM selected_values');
        const held = rows.map((row, index) => ({ id: `id ${String(index).padStart(4, '0')}`, ...row }));
        for (const { id, count, seconds, message, name } of held)
          await dataSource.query('INSERT INTO selected_values VALUES (?, ?, ?, ?, ?)', [
            id,
            count,
            seconds,
            message,
            name,
          ]);
        const found: RawRow[] = await dataSource.query(
          `SELECT ${list.sql} FROM selected_values held ORDER BY held.id`,
        );
        expect(found.map(row => readHeld(list.read(row)))).toEqual(held);
      }),
      { numRuns: 30 },
    );
  });
});
