import { randomBytes } from 'node:crypto';
import {
  type Connection,
  type ConnectionOptions,
  createConnection,
  type RowDataPacket,
} from 'mysql2/promise';

interface VersionRow extends RowDataPacket {
  version: string;
}

/** The version of the server at an address, or null if none responds (yet). */
export async function askVersion(serverUrl: string): Promise<string | null> {
  try {
    return await withConnection({ uri: serverUrl }, async connection => {
      const [rows] = await connection.query<VersionRow[]>('SELECT VERSION() AS version');
      return rows[0]?.version ?? null;
    });
  } catch {
    return null;
  }
}

/**
 * Creates a database with a name of its own and returns its address.
 *
 * @param content statements that fill it. Default: it is empty.
 */
export async function createDatabase(serverUrl: string, content = ''): Promise<string> {
  const name = `switchyard_test_${randomBytes(6).toString('hex')}`;
  const statements = `CREATE DATABASE ${name}; USE ${name}; SET FOREIGN_KEY_CHECKS = 0; ${content}`;
  await withConnection({ uri: serverUrl, multipleStatements: true }, connection =>
    connection.query(statements),
  );
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Returns the statements that make the tables and rows of a database again. */
export const readContent = (databaseUrl: string): Promise<string> =>
  withConnection({ uri: databaseUrl }, async connection => {
    const statements: string[] = [];
    const [tables] = await connection.query<RowDataPacket[]>({ sql: 'SHOW TABLES', rowsAsArray: true });
    for (const [table] of tables as string[][]) {
      const [[made]] = await connection.query<RowDataPacket[]>('SHOW CREATE TABLE ??', [table]);
      statements.push(String(made?.['Create Table']));
      const [rows] = await connection.query<RowDataPacket[]>('SELECT * FROM ??', [table]);
      for (const row of rows) statements.push(connection.format('INSERT INTO ?? SET ?', [table, row]));
    }
    return statements.map(statement => `${statement};`).join('\n');
  });

/** Drops the database that an address names. */
export async function dropDatabase(databaseUrl: string): Promise<void> {
  const name = new URL(databaseUrl).pathname.slice(1);
  await withConnection({ uri: databaseUrl }, connection =>
    connection.query('DROP DATABASE IF EXISTS ??', [name]),
  );
}

async function withConnection<Result>(
  options: ConnectionOptions,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const connection = await createConnection(options);
  try {
    return await work(connection);
  } finally {
    connection.destroy();
  }
}
