import { randomBytes } from 'node:crypto';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';

interface VersionRow extends RowDataPacket {
  version: string;
}

/** The version of the server at an address, or null if none responds (yet). */
export async function askVersion(serverUrl: string): Promise<string | null> {
  try {
    return await withConnection(serverUrl, async connection => {
      const [rows] = await connection.query<VersionRow[]>('SELECT VERSION() AS version');
      return rows[0]?.version ?? null;
    });
  } catch {
    return null;
  }
}

/** Creates an empty database with a name of its own and returns its address. */
export async function createDatabase(serverUrl: string): Promise<string> {
  const name = `switchyard_test_${randomBytes(6).toString('hex')}`;
  await withConnection(serverUrl, connection => connection.query('CREATE DATABASE ??', [name]));
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Drops the database that an address names. */
export async function dropDatabase(databaseUrl: string): Promise<void> {
  const name = new URL(databaseUrl).pathname.slice(1);
  await withConnection(databaseUrl, connection => connection.query('DROP DATABASE IF EXISTS ??', [name]));
}

async function withConnection<Result>(
  url: string,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const connection = await createConnection(url);
  try {
    return await work(connection);
  } finally {
    connection.destroy();
  }
}
