import { type ColumnType, EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import type { Instant } from '../../domain/instant';
import type { Json } from '../../domain/json';
import { parseJson, printJson } from '../../domain/jsonText';
import { objectMaker } from './objectMaker';

/** What a database gives and takes for one value. */
export type Raw = string | number | null;

/** A row as a query gives it, column by column. */
export type RawRow = Readonly<Record<string, Raw>>;

/** One column: its name in the table, and how its values pass in and out. */
export interface Column<Value> {
  name: string;
  type: ColumnType;
  nullable: boolean;
  primary?: boolean;
  /** Computed by the database, and so never written. */
  generated?: boolean;
  read(raw: Raw): Value;
  write(value: Value): Raw;
}

type ValueOf<Of> = Of extends Column<infer Value> ? Value : never;

/** A row of a table, as the code sees it. */
export type RowOf<Of extends object> = { -readonly [Property in keyof Of]: ValueOf<Of[Property]> };

const nullable = <Value>(column: Column<Value>): Column<Value | null> => ({
  ...column,
  nullable: true,
  read: raw => (raw === null ? null : column.read(raw)),
  write: value => (value === null ? null : column.write(value)),
});

/** Text, ids and enumerations included. */
export const text = <Value extends string = string>(name: string): Column<Value> => ({
  name,
  type: 'varchar',
  nullable: false,
  read: raw => String(raw) as Value,
  write: value => value,
});

/** The id that a row goes by. */
export const primaryId = <Value extends string>(name: string): Column<Value> => ({
  ...text<Value>(name),
  primary: true,
});

/** A whole or a fractional number. */
export const number = (name: string, type: 'int' | 'double' = 'int'): Column<number> => ({
  name,
  type,
  nullable: false,
  read: Number,
  write: value => value,
});

/** True or false, kept as 1 or 0. */
export const flag = (name: string): Column<boolean> => ({
  name,
  type: 'int',
  nullable: false,
  read: raw => Number(raw) === 1,
  write: value => (value ? 1 : 0),
});

/** An instant, kept as `2026-11-23 15:34:00.123456`, which every database orders and none rounds. */
export const instant = (name: string): Column<Instant> => ({
  name,
  type: 'varchar',
  nullable: false,
  read: raw => instantFromDatabase(String(raw)),
  write: instantToDatabase,
});

/** Any JSON, kept as its text, so that each database gives back just what it was given. */
export const json = <Value extends Json | object>(name: string): Column<Value> => ({
  name,
  type: 'text',
  nullable: false,
  read: raw => parseJson(String(raw)) as Value,
  write: value => printJson(value),
});

/** The same columns where there may be no value. */
export const nullableText = <Value extends string = string>(name: string): Column<Value | null> =>
  nullable(text<Value>(name));
/** Text of any length, which an update must not take for a short one. */
export const nullableLongText = (name: string): Column<string | null> => ({
  ...nullableText(name),
  type: 'text',
});
export const nullableNumber = (name: string): Column<number | null> => nullable(number(name));
export const nullableInstant = (name: string): Column<Instant | null> => nullable(instant(name));
export const nullableJson = <Value extends Json | object>(name: string): Column<Value | null> =>
  nullable(json<Value>(name));

/** An instant as the code has it, out of the form in which databases keep it. */
export function instantFromDatabase(raw: string): Instant {
  return `${raw.slice(0, 10)}T${raw.slice(11)}Z` as Instant;
}

/** The form in which databases keep an instant. */
export function instantToDatabase(value: Instant): string {
  return `${value.slice(0, 10)} ${value.slice(11, 26)}`;
}

/** Makes a function that reads rows out of what queries give, whose columns may carry a prefix. */
export function rowReader<Of extends object>(columns: Of, prefix = ''): (row: RawRow) => RowOf<Of> {
  const fields = Object.entries(columns) as [string, Column<unknown>][];
  return objectMaker(
    fields.map(([property, { name }], place) => [
      property,
      `helpers[${place}](input[${JSON.stringify(prefix + name)}] ?? null)`,
    ]),
    fields.map(([, { read }]) => read),
  );
}

/** A column that is written, and what a row has for it. */
export interface WrittenColumn<Row> {
  name: string;
  type: ColumnType;
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

/** The TypeORM entity of a table. */
export function entity<Of extends object>(
  name: string,
  tableName: string,
  columns: Of,
): EntitySchema<RowOf<Of>> {
  const options: Record<string, EntitySchemaColumnOptions> = {};
  for (const [property, column] of Object.entries(columns) as [string, Column<unknown>][]) {
    options[property] = {
      name: column.name,
      type: column.type,
      nullable: column.nullable,
      primary: column.primary ?? false,
      insert: !column.generated,
      update: !column.generated,
      transformer: { from: column.read, to: column.write },
    };
  }
  return new EntitySchema<RowOf<Of>>({ name, tableName, columns: options });
}
