import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { type Column, type Raw, type RawRow, type RowOf, writtenColumns } from '../entities/columns';
import { type Dialect, placeholders, type UpdateColumn } from './dialect';

/** Whatever statements can be sent to. */
export interface SqlExecutor {
  query<Rows>(sql: string, parameters?: unknown[]): Promise<Rows>;
}

/** Sends what a query builder has built, and returns the rows as the database does. */
export function selectRows<Row extends ObjectLiteral>(
  connection: SqlExecutor,
  query: SelectQueryBuilder<Row>,
): Promise<RawRow[]> {
  const [sql, parameters] = query.getQueryAndParameters();
  return connection.query(sql, parameters);
}

/** The parameters that one statement may have: the embedded database accepts 32,766, MySQL 65,535. */
const maxParameters = 32_000;

/**
 * The characters that the values of one statement have together, but for a single row: three bytes each and escaped, they
 * stay below 1 MiB, the smallest packet that servers are set to.
 */
const maxCharacters = 300_000;

/** Splits items into consecutive parts of at most so many, and of at most `maxCharacters` where that is possible. */
function splitBySize<Item>(
  items: readonly Item[],
  maxItems: number,
  sizeOf: (item: Item) => number,
): (readonly Item[])[] {
  const parts: Item[][] = [];
  let part: Item[] = [];
  let characters = 0;
  for (const item of items) {
    const added = sizeOf(item);
    if (part.length === maxItems || (part.length > 0 && characters + added > maxCharacters)) {
      parts.push(part);
      part = [];
      characters = 0;
    }
    part.push(item);
    characters += added;
  }
  return [...parts, part];
}

function charactersOf(record: readonly Raw[]): number {
  let characters = 0;
  for (const value of record) if (typeof value === 'string') characters += value.length;
  return characters;
}

/**
 * Inserts rows: in one statement, or in as many as their parameters and their size need. Sends nothing where there are no rows. Columns
 * that are null in every row are left out: each value that is sent costs time at both ends.
 */
export async function insertRows<Of extends object>(
  connection: SqlExecutor,
  table: string,
  columns: Of,
  rows: readonly RowOf<Of>[],
): Promise<void> {
  if (rows.length === 0) return;
  const written = writtenColumns(columns)
    .map(({ name, valueIn }) => ({ name, values: rows.map(valueIn) }))
    .filter(({ values }) => values.some(value => value !== null));
  const names = written.map(({ name }) => name);
  const records = rows.map((_, index) => written.map(column => column.values[index] ?? null));
  const one = `(${placeholders(names)})`;
  for (const part of splitBySize(records, Math.floor(maxParameters / names.length), charactersOf)) {
    await connection.query(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES ${part.map(() => one).join(', ')}`,
      part.flat(),
    );
  }
}

const updateTypes: Record<string, UpdateColumn['type']> = {
  int: 'integer',
  double: 'double',
  text: 'longText',
};

/** A row before and after a change. */
export interface RowChange<Row> {
  /** The value of the column that rows are told apart by. */
  key: string | number;
  before: Row;
  after: Row;
}

/** Which rows an update means. */
export interface RowKey {
  name: string;
  type: UpdateColumn['type'];
  /** Columns beside the key that have one value in all the rows, by name. */
  scope: Readonly<Record<string, Raw>>;
}

/** By id, as most tables are. */
const byId: RowKey = { name: 'id', type: 'uuid', scope: {} };

/**
 * Updates the rows of a table by their key: in one statement, or in as many as their size needs. Columns that no row changes are left out, and those that
 * become the same everywhere are written as one value: each value that differs row by row costs the database a look.
 */
export async function updateRows<Of extends object>(
  connection: SqlExecutor,
  dialect: Dialect,
  table: string,
  columns: Of,
  changes: readonly RowChange<RowOf<Of>>[],
  key: RowKey = byId,
): Promise<void> {
  if (changes.length === 0) return;
  const fromRows: (UpdateColumn & { values: Raw[] })[] = [];
  const constants: [string, Raw][] = [];
  for (const { name, type, valueIn, isSameIn } of writtenColumns(columns)) {
    if (changes.every(({ before, after }) => isSameIn(before, after))) continue;
    const values = changes.map(({ after }) => valueIn(after));
    const first = values[0] ?? null;
    if (values.every(value => value === first)) constants.push([name, first]);
    else
      fromRows.push({
        name,
        type: name.endsWith('_id') ? 'uuid' : (updateTypes[String(type)] ?? 'text'),
        values,
      });
  }
  if (fromRows.length + constants.length === 0) return;
  const rows = changes.map(({ key: value }, position) =>
    JSON.stringify([value, ...fromRows.map(({ values }) => values[position])]),
  );
  const statement = dialect.updateFromJson(
    table,
    key,
    fromRows,
    Object.keys(key.scope),
    constants.map(([name]) => name),
  );
  for (const part of splitBySize(rows, rows.length, row => row.length)) {
    await connection.query(statement, [
      `[${part.join(',')}]`,
      ...Object.values(key.scope),
      ...constants.map(([, value]) => value),
    ]);
  }
}

/** Changes those columns of one row that are given; of none, sends nothing. */
export async function updateRow<Of extends object>(
  connection: SqlExecutor,
  table: string,
  columns: Of,
  id: string,
  changes: Partial<RowOf<Of>>,
): Promise<void> {
  const given = (Object.entries(columns) as [keyof Of & string, Column<unknown>][]).filter(
    ([property]) => changes[property] !== undefined,
  );
  if (given.length === 0) return;
  const assignments = given.map(([, { name }]) => `${name} = ?`);
  const values = given.map(([property, column]) => column.write(changes[property]));
  await connection.query(`UPDATE ${table} SET ${assignments.join(', ')} WHERE id = ?`, [...values, id]);
}
