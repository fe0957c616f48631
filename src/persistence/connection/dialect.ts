import type { DataSource } from 'typeorm';
import type { Raw, SqlType } from '../entities/columns';
import { errorKindOf } from './errorKind';

/** The supported databases. */
export type DatabaseKind = 'embedded' | 'mysql' | 'mariadb';

/** The types that migrations declare columns with. */
interface ColumnTypes {
  uuid: string;
  /** A short word of our own: a state type, a strategy. */
  word: string;
  /** Searchable text of limited length, compared exactly: case, accents, trailing spaces. */
  exactText: (length: number) => string;
  /** Text of any length that is only stored. */
  longText: string;
  instant: string;
  integer: string;
  double: string;
}

/**
 * How a SELECT locks its rows until the transaction ends: not at all; `forUpdate` waits for rows that another transaction
 * holds, `noWait` fails at once, `skipLocked` leaves them out.
 */
export type LockMode = 'none' | 'forUpdate' | 'noWait' | 'skipLocked';

const lockClauses: Readonly<Record<LockMode, string>> = {
  none: '',
  forUpdate: ' FOR UPDATE',
  noWait: ' FOR UPDATE NOWAIT',
  skipLocked: ' FOR UPDATE SKIP LOCKED',
};

/** All that differs between databases. */
export interface Dialect {
  kind: DatabaseKind;
  types: ColumnTypes;
  /**
   * The statements that make a table with its indexes, where it is not there yet. The embedded database stores rows in
   * the index of the primary key, which suits small ones: RebuildLargeRowTables changes that for tables of large rows.
   */
  createTable(table: string, columns: readonly string[], indexes: readonly TableIndex[]): string[];
  /** What begins a transaction that will write. */
  begin: string;
  /** `IN` a list that comes as the named parameter: several values, or where they are many the text of a JSON list. */
  inList(name: string, values: readonly Raw[]): { sql: string; value: readonly Raw[] | string };
  /** The text at a path of a column that holds JSON; NULL if there is none. */
  jsonText(column: string, path: string): string;
  /** The whole microseconds from an instant to that of a column. */
  microsecondsSince(instant: string, column: string): string;
  /** A whole number by another, rounded down; neither is negative. */
  divided(number: string, by: string): string;
  /** Whether a text has other characters than ASCII; NUL may count as one. */
  isBeyondAscii(column: string): string;
  /** A column that is compared row by row, where the database would else look up each value of a list in its index. */
  unindexed(column: string): string;
  /**
   * What is written behind a table whose rows are locked by their ids. A server would read a small table from end to end,
   * and so meet unrelated rows that another transaction locks.
   */
  byPrimaryKey: string;
  /** What is written behind a SELECT to lock its rows. */
  lockClause(mode: LockMode): string;
  /**
   * Updates rows from rows that come in as one JSON parameter, `[[key, first column, …], …]`. Behind it come the values of
   * `scope`, further columns that select the rows, and those of `constants`.
   */
  updateFromJson(
    table: string,
    key: UpdateColumn,
    fromRows: readonly UpdateColumn[],
    scope: readonly string[],
    constants: readonly string[],
  ): string;
  /**
   * Several expressions as the text of one JSON list, exact for text and whole numbers but not for fractions; null where the
   * driver gains nothing by it.
   */
  packed: ((expressions: readonly string[]) => string) | null;
  /** Whether a statement may repeat a parameter by its number, as `?1`. */
  hasNumberedParameters: boolean;
  /** A lock that processes agree on by name; null where the file's own lock is enough. */
  namedLock: { take: string; check: string; release: string } | null;
  isDuplicate(error: unknown): boolean;
}

/** An index that a migration makes with its table. */
export interface TableIndex {
  name: string;
  columns: readonly string[];
  unique?: boolean;
}

/** A column that an update sets to a value of each row. */
export interface UpdateColumn {
  name: string;
  type: SqlType;
}

/** How a dialect declares a column. */
export const declaredType = (type: SqlType, types: ColumnTypes): string =>
  typeof type === 'string' ? types[type] : types.exactText(type.characters);

const list = (items: readonly string[]): string => items.join(', ');

const indexClause = ({ name, columns, unique }: TableIndex): string =>
  `${unique ? 'UNIQUE INDEX' : 'INDEX'} ${name} (${list(columns)})`;

function mysqlDialect(kind: 'mysql' | 'mariadb', exactCollation: string): Dialect {
  const exact = `CHARACTER SET utf8mb4 COLLATE ${exactCollation}`;
  const ascii = 'CHARACTER SET ascii COLLATE ascii_bin';
  const types: ColumnTypes = {
    uuid: `CHAR(36) ${ascii}`,
    word: `VARCHAR(40) ${ascii}`,
    exactText: length => `VARCHAR(${length}) ${exact}`,
    longText: `LONGTEXT ${exact}`,
    instant: 'DATETIME(6)',
    integer: 'INT',
    double: 'DOUBLE',
  };
  return {
    kind,
    types,
    createTable: (table, columns, indexes) => [
      `CREATE TABLE IF NOT EXISTS ${table} (${list([...columns, ...indexes.map(indexClause)])}) ENGINE=InnoDB`,
    ],
    begin: 'START TRANSACTION',
    inList: (name, values) => ({ sql: `IN (:...${name})`, value: values }),
    jsonText: (column, path) => `JSON_UNQUOTE(JSON_EXTRACT(${column}, '${path}'))`,
    microsecondsSince: (instant, column) => `TIMESTAMPDIFF(MICROSECOND, '${instant}', ${column})`,
    divided: (number, by) => `(${number}) DIV ${by}`,
    isBeyondAscii: column => `LENGTH(${column}) <> CHAR_LENGTH(${column})`,
    unindexed: column => column,
    byPrimaryKey: ' FORCE INDEX (PRIMARY)',
    lockClause: mode => lockClauses[mode],
    updateFromJson(table, key, fromRows, scope, constants) {
      const columns = [key, ...fromRows].map(
        ({ name, type }, position) => `${name} ${declaredType(type, types)} PATH '$[${position}]'`,
      );
      const assignments = fromRows.map(({ name }) => `target.${name} = source.${name}`);
      const constantAssignments = constants.map(name => `target.${name} = ?`);
      const on = [`source.${key.name} = target.${key.name}`, ...scope.map(name => `target.${name} = ?`)];
      return (
        `UPDATE ${table} target JOIN JSON_TABLE(?, '$[*]' COLUMNS (${list(columns)})) source ` +
        `ON ${on.join(' AND ')} SET ${list([...assignments, ...constantAssignments])}`
      );
    },
    // 1,000 rows of 21 columns take MySQL 16 ms as lists, and 7 as they are.
    packed: null,
    hasNumberedParameters: false,
    namedLock: {
      take: 'SELECT GET_LOCK(?, ?) AS taken',
      check: 'SELECT IS_USED_LOCK(?) = CONNECTION_ID() AS held',
      release: 'SELECT RELEASE_LOCK(?)',
    },
    isDuplicate: error => errorKindOf(error) === 'duplicate',
  };
}

// A statement of the embedded database takes at most 32,766 parameters, all its lists together.
const maxEmbeddedList = 500;

const embeddedDialect: Dialect = {
  kind: 'embedded',
  types: {
    uuid: 'TEXT',
    word: 'TEXT',
    exactText: () => 'TEXT',
    longText: 'TEXT',
    instant: 'TEXT',
    integer: 'INTEGER',
    double: 'REAL',
  },
  createTable: (table, columns, indexes) => [
    `CREATE TABLE IF NOT EXISTS ${table} (${list(columns)}) WITHOUT ROWID`,
    ...indexes.map(
      index =>
        `CREATE ${index.unique ? 'UNIQUE INDEX' : 'INDEX'} IF NOT EXISTS ${table}_${index.name} ` +
        `ON ${table} (${list(index.columns)})`,
    ),
  ],
  begin: 'BEGIN IMMEDIATE',
  inList: (name, values) =>
    values.length <= maxEmbeddedList
      ? { sql: `IN (:...${name})`, value: values }
      : { sql: `IN (SELECT value FROM json_each(:${name}))`, value: JSON.stringify(values) },
  jsonText: (column, path) => `json_extract(${column}, '${path}')`,
  microsecondsSince(instant, column) {
    // The date functions of SQLite round to milliseconds, so the fraction is read from the text.
    const microseconds = (text: string) =>
      `(unixepoch(substr(${text}, 1, 19)) * 1000000 + CAST(substr(${text}, 21) AS INTEGER))`;
    return `(${microseconds(column)} - ${microseconds(`'${instant}'`)})`;
  },
  divided: (number, by) => `(${number}) / ${by}`,
  isBeyondAscii: column => `LENGTH(CAST(${column} AS BLOB)) <> LENGTH(${column})`,
  // A writer locks the whole file.
  unindexed: column => `+${column}`,
  byPrimaryKey: '',
  lockClause: () => '',
  updateFromJson(table, key, fromRows, scope, constants) {
    const columns = [key, ...fromRows].map(
      ({ name }, position) => `json_extract(value, '$[${position}]') AS ${name}`,
    );
    const assignments = fromRows.map(({ name }) => `${name} = source.${name}`);
    const constantAssignments = constants.map(name => `${name} = ?`);
    // The rows are made first, scope and all: otherwise all rows of the scope would be compared with each of them.
    const scopes = scope.map(name => `? AS ${name}`);
    const where = [key.name, ...scope].map(name => `source.${name} = ${table}.${name}`);
    return (
      `WITH given AS (SELECT value FROM json_each(?)), source AS MATERIALIZED (SELECT ${list([...columns, ...scopes])} FROM given) ` +
      `UPDATE ${table} SET ${list([...assignments, ...constantAssignments])} FROM source WHERE ${where.join(' AND ')}`
    );
  },
  packed: expressions => `json_array(${list(expressions)})`,
  hasNumberedParameters: true,
  namedLock: null,
  isDuplicate: error => errorKindOf(error) === 'duplicate',
};

const dialects: Record<DatabaseKind, Dialect> = {
  embedded: embeddedDialect,
  mysql: mysqlDialect('mysql', 'utf8mb4_0900_bin'),
  mariadb: mysqlDialect('mariadb', 'utf8mb4_nopad_bin'),
};

/** What is special to a kind of database. */
export const dialectOf = (kind: DatabaseKind): Dialect => dialects[kind];

/** The kind of database that a data source is on. */
export function kindOf({ options: { type } }: DataSource): DatabaseKind {
  return type === 'mysql' || type === 'mariadb' ? type : 'embedded';
}

/** The number of `?` for an IN list. */
export const placeholders = (values: readonly Raw[]): string => list(values.map(() => '?'));
