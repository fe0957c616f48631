import {
  type ColumnType,
  EntitySchema,
  type EntitySchemaColumnOptions,
  type EntitySchemaOptions,
} from 'typeorm';
import { type Instant, toMicroseconds } from '../../domain/instant';
import type { Json } from '../../domain/json';
import { parseJson, printJson } from '../../domain/jsonText';

/** What a database gives and takes for one value. */
export type Raw = string | number | null;

/** A row as a query gives it, column by column. */
export type RawRow = Readonly<Record<string, Raw>>;

/** The type of a column; each dialect has its own name for it. An object is searchable text with a maximum length. */
export type SqlType =
  | 'uuid'
  | 'word'
  | 'longText'
  | 'instant'
  | 'integer'
  | 'double'
  | { readonly characters: number };

/** One column: its name and type in the table, and how its values pass in and out. */
export interface Column<Value> {
  name: string;
  type: SqlType;
  nullable?: boolean;
  primary?: boolean;
  /** Computed by the database, and so never written. */
  generated?: boolean;
  /** Only searched: TypeORM's repositories leave it out of what they read. */
  searchOnly?: boolean;
  /** Since when the row is deleted: TypeORM then finds it no more. */
  deleteDate?: boolean;
  read(raw: Raw): Value;
  write(value: Value): Raw;
}

type ValueOf<Of> = Of extends Column<infer Value> ? Value : never;

/** A row of a table, as the code sees it. */
export type RowOf<Of extends object> = { -readonly [Property in keyof Of]: ValueOf<Of[Property]> };

/** The same column where there may be no value. */
export const nullable = <Value>(column: Column<Value>): Column<Value | null> => ({
  ...column,
  nullable: true,
  read: raw => (raw === null ? null : column.read(raw)),
  write: value => (value === null ? null : column.write(value)),
});

/** The same column where it is only searched. */
export const searchOnly = <Value>(column: Column<Value>): Column<Value> => ({ ...column, searchOnly: true });

/** The same column as a part of the primary key. */
export const primary = <Value>(column: Column<Value>): Column<Value> => ({ ...column, primary: true });

const textOf =
  (type: SqlType) =>
  <Value extends string = string>(name: string): Column<Value> => ({
    name,
    type,
    read: raw => String(raw) as Value,
    write: value => value,
  });

/** An id. */
export const uuid = textOf('uuid');
/** A short word of our own: a state type, a strategy. */
export const word = textOf('word');
/** Text of any length, which is stored and never searched. */
export const longText = textOf('longText');
/** Searchable text with a maximum length. */
export const text = (name: string, characters = 255): Column<string> => textOf({ characters })(name);

const numberOf =
  (type: SqlType) =>
  (name: string): Column<number> => ({ name, type, read: Number, write: value => value });

/** A whole number. */
export const integer = numberOf('integer');

/**
 * A length of time in seconds, exact to the microsecond. No database returns each fraction just as it was given: SQLite reads one
 * in 3,000 out of JSON with another last digit.
 */
export const seconds = (name: string): Column<number> => ({
  ...numberOf('double')(name),
  read: raw => toMicroseconds(Number(raw)),
  write: toMicroseconds,
});

/** True or false, stored as 1 or 0. */
export const flag = (name: string): Column<boolean> => ({
  name,
  type: 'integer',
  read: raw => Number(raw) === 1,
  write: value => (value ? 1 : 0),
});

/** An instant, stored as `2026-11-23 15:34:00.123456`, which every database orders and none rounds. */
export const instant = (name: string): Column<Instant> => ({
  name,
  type: 'instant',
  read: raw => instantFromDatabase(String(raw)),
  write: instantToDatabase,
});

/** Any JSON, stored as its text, so that each database returns just what it was given. */
export const json = <Value extends Json | object>(name: string): Column<Value> => ({
  name,
  type: 'longText',
  read: raw => parseJson(String(raw)) as Value,
  write: value => printJson(value),
});

/** An instant as the code has it, out of the form in which databases keep it. */
export function instantFromDatabase(raw: string): Instant {
  return `${raw.slice(0, 10)}T${raw.slice(11)}Z` as Instant;
}

/** The form in which databases keep an instant. */
export function instantToDatabase(value: Instant): string {
  return `${value.slice(0, 10)} ${value.slice(11, 26)}`;
}

/** The value of a column in a row. */
export const valueOf = <Value>(row: RawRow, { name, read }: Column<Value>): Value => read(row[name] ?? null);

/** Columns under the names that a query gives them which puts a prefix before each. */
export const prefixed = <Of extends object>(columns: Of, prefix: string): Of =>
  Object.fromEntries(
    (Object.entries(columns) as [string, Column<unknown>][]).map(([property, column]) => [
      property,
      { ...column, name: prefix + column.name },
    ]),
  ) as Of;

/**
 * Makes a function that reads rows out of what queries return.
 *
 * Rows begin as a copy of an empty one, in which null is not written again: properties that are added one by one, under names
 * that the engine cannot foresee, take longer.
 */
export function rowReader<Of extends object>(columns: Of): (row: RawRow) => RowOf<Of> {
  const fields = Object.entries(columns) as [string, Column<unknown>][];
  const empty: Record<string, unknown> = Object.fromEntries(fields.map(([property]) => [property, null]));
  return row => {
    const made = { ...empty };
    for (const [property, { name, nullable: hasNull, read }] of fields) {
      const raw = row[name] ?? null;
      if (raw !== null || !hasNull) made[property] = read(raw);
    }
    return made as RowOf<Of>;
  };
}

/** Columns as a SELECT names them: `alias.name AS prefix_name, …`. */
export const columnList = (alias: string, columns: object, prefix = ''): string =>
  (Object.values(columns) as { name: string }[])
    .map(({ name }) => `${alias}.${name} AS ${prefix}${name}`)
    .join(', ');

/** A column that is written, and what a row has for it. */
interface WrittenColumn<Row> {
  name: string;
  type: SqlType;
  valueIn(row: Row): Raw;
  /** Whether two rows have the same for it. */
  isSameIn(one: Row, other: Row): boolean;
}

/** The columns of a table that are written: those that the database computes are left out. */
export function writtenColumns<Of extends object>(columns: Of): WrittenColumn<RowOf<Of>>[] {
  return (Object.entries(columns) as [keyof Of, Column<unknown>][])
    .filter(([, { generated }]) => !generated)
    .map(([property, { name, type, write }]) => ({
      name,
      type,
      valueIn: row => write(row[property]),
      isSameIn: (one, other) =>
        one[property] === other[property] || write(one[property]) === write(other[property]),
    }));
}

const typeormTypeOf = (type: SqlType): ColumnType => {
  if (type === 'integer') return 'int';
  if (type === 'longText') return 'text';
  return type === 'double' ? 'double' : 'varchar';
};

const columnOptions = (column: Column<unknown>): EntitySchemaColumnOptions => ({
  name: column.name,
  type: typeormTypeOf(column.type),
  nullable: column.nullable,
  primary: column.primary,
  deleteDate: column.deleteDate,
  select: !column.searchOnly,
  insert: !column.generated,
  update: !column.generated,
  transformer: {
    from: column.read,
    // TypeORM has no value for IsNull(), and for a column that a new row leaves out.
    to: (value: unknown) => (value === undefined ? undefined : column.write(value)),
  },
});

/** A table as TypeORM knows it, with its columns as everything else needs them. */
export class TableSchema<Of extends object> extends EntitySchema<RowOf<Of>> {
  /** Reads a row as the database returns it. */
  readonly read: (row: RawRow) => RowOf<Of>;

  constructor(
    name: string,
    readonly tableName: string,
    readonly columns: Of,
  ) {
    const options = (Object.entries(columns) as [string, Column<unknown>][]).map(
      ([property, column]) => [property, columnOptions(column)] as const,
    );
    super({
      name,
      tableName,
      columns: Object.fromEntries(options) as EntitySchemaOptions<RowOf<Of>>['columns'],
    });
    this.read = rowReader(columns);
  }
}
