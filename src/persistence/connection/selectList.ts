import type { Column, Raw, RawRow } from '../entities/columns';
import type { Dialect } from './dialect';
import { namedRow } from './namedRow';

/** A column as a SELECT takes it: where it comes from, and the name of its values in a row. */
interface SelectedColumn extends Pick<Column<unknown>, 'name' | 'type'> {
  from: string;
}

/** What a SELECT returns of some columns, and how its rows are read. */
export interface SelectList {
  /** What is written behind SELECT. */
  sql: string;
  /** The values of these columns by their names, out of a row as the database returns it. */
  read(row: RawRow): RawRow;
}

/** Columns of one table of a SELECT, which calls it `alias`; their names get a prefix. */
export const columnsOf = (alias: string, columns: object, prefix = ''): SelectedColumn[] =>
  (Object.values(columns) as Column<unknown>[]).map(({ name, type }) => ({
    from: `${alias}.${name}`,
    name: `${prefix}${name}`,
    type,
  }));

const asNamed = (columns: readonly SelectedColumn[]): string[] =>
  columns.map(({ from, name }) => `${from} AS ${name}`);

/**
 * The list of a SELECT that returns many rows with many columns. Where the driver spends its time on each single value, all
 * columns come as one: 1,000 rows of 30 columns take 10 ms on the embedded database instead of 34.
 */
export function selectList({ packed }: Dialect, columns: readonly SelectedColumn[]): SelectList {
  if (packed === null) return { sql: asNamed(columns).join(', '), read: row => row };
  const alone = columns.filter(({ type }) => type === 'double');
  const together = columns.filter(column => !alone.includes(column));
  const nameValues = namedRow<Raw>([...together, ...alone].map(({ name }) => name));
  return {
    sql: [`${packed(together.map(({ from }) => from))} AS packed`, ...asNamed(alone)].join(', '),
    read: row => {
      const values = JSON.parse(String(row.packed)) as Raw[];
      for (const { name } of alone) values.push(row[name] ?? null);
      return nameValues(values);
    },
  };
}
