import { createConnection, type RowDataPacket } from 'mysql2/promise';

export type Value = string | number | null;
export type Row = Record<string, Value>;

/** A database that is spoken to without the product: to fill it, to count, and for the floor. */
export interface Store {
  kind: 'server' | 'embedded';
  all(sql: string, values?: readonly Value[]): Promise<Row[]>;
  /** Sends a statement that returns no rows. */
  run(sql: string, values?: readonly Value[]): Promise<void>;
  insert(table: string, columns: readonly string[], rows: readonly (readonly Value[])[]): Promise<void>;
  close(): Promise<void>;
}

const sessionSettings = "sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO'";

/** Connects to MySQL or MariaDB with the session settings of the product. */
export async function openServerStore(url: string): Promise<Store> {
  const connection = await createConnection({
    uri: url.replace(/^mariadb:/, 'mysql:'),
    charset: 'utf8mb4',
    timezone: 'Z',
    dateStrings: true,
  });
  await connection.query(`SET SESSION ${sessionSettings}`);
  await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  return {
    kind: 'server',
    all: async (sql, values = []) => (await connection.query<RowDataPacket[]>(sql, [...values]))[0],
    run: async (sql, values = []) => {
      await connection.query(sql, [...values]);
    },
    insert: async (table, columns, rows) => {
      if (rows.length > 0)
        await connection.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ?`, [rows]);
    },
    close: () => connection.end(),
  };
}

interface Statement {
  all(...values: Value[]): Row[];
  run(...values: Value[]): unknown;
}

interface EmbeddedConnection {
  prepare(sql: string): Statement;
  pragma(setting: string): unknown;
  exec(sql: string): unknown;
  close(): void;
}

/** Opens a file of the embedded database, straight through its driver, with the pragmas of the product. */
export function openEmbeddedStore(file: string): Store {
  const Driver = require('libsql') as new (file: string, options: { timeout: number }) => EmbeddedConnection;
  const connection = new Driver(file, { timeout: 10_000 });
  for (const pragma of ['cache_size = -65536', 'foreign_keys = ON', 'journal_mode = WAL'])
    connection.pragma(pragma);
  const statements = new Map<string, Statement>();
  const prepare = (sql: string): Statement => {
    const statement = statements.get(sql) ?? connection.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  return {
    kind: 'embedded',
    all: async (sql, values = []) => prepare(sql).all(...values),
    run: async (sql, values = []) => {
      prepare(sql).run(...values);
    },
    insert: async (table, columns, rows) => {
      const marks = columns.map(() => '?').join(', ');
      const statement = prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`);
      connection.exec('BEGIN IMMEDIATE');
      for (const row of rows) statement.run(...row);
      connection.exec('COMMIT');
    },
    close: async () => connection.close(),
  };
}

/** A moment as the product keeps it. */
export const instant = (milliseconds: number): string =>
  `${new Date(milliseconds).toISOString().slice(0, 23).replace('T', ' ')}000`;

/** So many `?` for an IN list. */
export const marks = (values: readonly unknown[]): string => values.map(() => '?').join(', ');
