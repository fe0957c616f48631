import type { DataSource } from 'typeorm';
import type { Raw } from './entities/columns';

/** The databases there are. */
export type DatabaseKind = 'embedded' | 'mysql' | 'mariadb';

/** The types that migrations declare columns with. */
export interface ColumnTypes {
  uuid: string;
  /** A short word of our own: a state type, a strategy. */
  word: string;
  /** Text to search by, at most so many characters, compared exactly: case, accents, trailing spaces. */
  exactText: (length: number) => string;
  /** Text of any length that is only kept. */
  longText: string;
  instant: string;
  integer: string;
  double: string;
}

/** All that differs between databases. */
export interface Dialect {
  kind: DatabaseKind;
  types: ColumnTypes;
  /** The statements that make a table with its indexes, where it is not there yet. */
  createTable(table: string, columns: readonly string[], indexes: readonly TableIndex[]): string[];
  /** What begins a transaction that will write. */
  begin: string;
  /** `IN` a list that comes as the named parameter: several values, or where they are many the text of a JSON list. */
  inList(name: string, values: readonly Raw[]): { sql: string; value: readonly Raw[] | string };
  /** Put behind a SELECT: keeps its rows as they are until the transaction ends. */
  forUpdate: string;
  /**
   * Updates rows from rows that come in as one JSON parameter, `[[key, first column, …], …]`. Behind it come the values of
   * `scope`, further columns that tell which rows are meant, and those of `constants`.
   */
  updateFromJson(
    table: string,
    key: UpdateColumn,
    fromRows: readonly UpdateColumn[],
    scope: readonly string[],
    constants: readonly string[],
  ): string;
  /** Put behind a SELECT: keeps its rows as they are, and passes over those that somebody else keeps. */
  forUpdateSkippingLocked: string;
  /** A lock that processes agree on by name; null where the file's own lock is enough. */
  namedLock: { take: string; release: string } | null;
  /** The database broke a transaction off for another's sake: done again, it will succeed. */
  isDeadlock(error: unknown): boolean;
  /** Of these, a lock that was waited for too long: somebody else keeps it. */
  isLockTimeout(error: unknown): boolean;
  isDuplicate(error: unknown): boolean;
  /** The server does not answer, breaks off, or has no room left; by itself it may be back soon. */
  isUnreachable(error: unknown): boolean;
  /** The database answers, and turns us away: a wrong password, no such database, no such folder, or it only reads. */
  isRefusal(error: unknown): boolean;
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
  type: keyof Omit<ColumnTypes, 'exactText'> | 'text';
}

const codeOf = (error: unknown): string => {
  const { code, driverError } = (error ?? {}) as { code?: unknown; driverError?: unknown };
  const ofDriver = driverError === undefined || driverError === error ? '' : codeOf(driverError);
  return ofDriver || (typeof code === 'string' ? code : '');
};

const list = (items: readonly string[]): string => items.join(', ');

const indexClause = ({ name, columns, unique }: TableIndex): string =>
  `${unique ? 'UNIQUE INDEX' : 'INDEX'} ${name} (${list(columns)})`;

const connectionLost = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'ER_SERVER_SHUTDOWN',
  'ER_NEW_ABORTING_CONNECTION',
  'ER_SESSION_WAS_KILLED',
  'ER_CONNECTION_KILLED',
  'ER_CON_COUNT_ERROR',
  'POOL_CLOSED',
  'POOL_NONEONLINE',
  'ER_DISK_FULL',
  'ER_RECORD_FILE_FULL',
]);

const turnedAway = new Set([
  'ER_ACCESS_DENIED_ERROR',
  'ER_ACCESS_DENIED_NO_PASSWORD_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_BAD_DB_ERROR',
  'ER_HOST_NOT_PRIVILEGED',
  // A server that only reads, as one that another took over from.
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_READ_ONLY_MODE',
]);

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
  const typeOf = (type: UpdateColumn['type']): string =>
    type === 'text' ? types.exactText(1024) : types[type];
  return {
    kind,
    types,
    createTable: (table, columns, indexes) => [
      `CREATE TABLE IF NOT EXISTS ${table} (${list([...columns, ...indexes.map(indexClause)])}) ENGINE=InnoDB`,
    ],
    begin: 'START TRANSACTION',
    inList: (name, values) => ({ sql: `IN (:...${name})`, value: values }),
    forUpdate: ' FOR UPDATE',
    forUpdateSkippingLocked: ' FOR UPDATE SKIP LOCKED',
    updateFromJson(table, key, fromRows, scope, constants) {
      const columns = [key, ...fromRows].map(
        ({ name, type }, position) => `${name} ${typeOf(type)} PATH '$[${position}]'`,
      );
      const assignments = fromRows.map(({ name }) => `target.${name} = source.${name}`);
      const constantAssignments = constants.map(name => `target.${name} = ?`);
      const on = [`source.${key.name} = target.${key.name}`, ...scope.map(name => `target.${name} = ?`)];
      return (
        `UPDATE ${table} target JOIN JSON_TABLE(?, '$[*]' COLUMNS (${list(columns)})) source ` +
        `ON ${on.join(' AND ')} SET ${list([...assignments, ...constantAssignments])}`
      );
    },
    namedLock: { take: 'SELECT GET_LOCK(?, ?) AS taken', release: 'SELECT RELEASE_LOCK(?)' },
    isDeadlock: error => ['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', 'ER_CHECKREAD'].includes(codeOf(error)),
    isLockTimeout: error => codeOf(error) === 'ER_LOCK_WAIT_TIMEOUT',
    isDuplicate: error => codeOf(error) === 'ER_DUP_ENTRY',
    isUnreachable: error =>
      connectionLost.has(codeOf(error)) || /closed state|Pool is closed/.test(String(error)),
    isRefusal: error => turnedAway.has(codeOf(error)),
  };
}

// A statement of the embedded database takes at most 32,766 parameters, all its lists together.
const longestEmbeddedList = 500;

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
    values.length <= longestEmbeddedList
      ? { sql: `IN (:...${name})`, value: values }
      : { sql: `IN (SELECT value FROM json_each(:${name}))`, value: JSON.stringify(values) },
  forUpdate: '',
  forUpdateSkippingLocked: '',
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
  namedLock: null,
  isDeadlock: error => codeOf(error).startsWith('SQLITE_BUSY') || codeOf(error) === 'SQLITE_LOCKED',
  // There whoever writes keeps the whole file, and nobody keeps a row.
  isLockTimeout: () => false,
  isDuplicate: error => /^SQLITE_CONSTRAINT_(PRIMARYKEY|UNIQUE)/.test(codeOf(error)),
  isUnreachable: error => codeOf(error) === 'SQLITE_FULL' || codeOf(error).startsWith('SQLITE_IOERR'),
  isRefusal: error =>
    ['SQLITE_CANTOPEN', 'SQLITE_NOTADB', 'SQLITE_READONLY', 'EACCES', 'EEXIST', 'EROFS', 'ENOTDIR'].includes(
      codeOf(error),
    ),
};

const dialects: Record<DatabaseKind, Dialect> = {
  embedded: embeddedDialect,
  mysql: mysqlDialect('mysql', 'utf8mb4_0900_bin'),
  mariadb: mysqlDialect('mariadb', 'utf8mb4_nopad_bin'),
};

/** What is special to a kind of database. */
export const dialectOf = (kind: DatabaseKind): Dialect => dialects[kind];

/** The kind of database that a URL names. */
export function databaseKindOf(url: string): DatabaseKind {
  if (url.startsWith('file:')) return 'embedded';
  if (url.startsWith('mysql:')) return 'mysql';
  if (url.startsWith('mariadb:')) return 'mariadb';
  throw new RangeError('a database URL begins with file:, mysql:// or mariadb://');
}

/** The kind of database that a data source is on. */
export function kindOf({ options: { type } }: DataSource): DatabaseKind {
  return type === 'mysql' || type === 'mariadb' ? type : 'embedded';
}

/** The number of `?` that an IN list of so many values takes. */
export const placeholders = (values: readonly Raw[]): string => list(values.map(() => '?'));
