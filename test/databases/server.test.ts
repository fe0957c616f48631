import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { describeWhere } from '../harness/describeWhere';
import { type DatabaseServer, startMariadb, startMysql } from './server';
import type { ServerKind } from './serverProgram';
import { askVersion, createDatabase } from './sql';
import { currentTestRun } from './testRun';

const starters = { mysql: startMysql, mariadb: startMariadb };
const { startable } = currentTestRun();

async function query(url: string, statement: string): Promise<unknown> {
  const connection: Connection = await createConnection(url);
  try {
    const [rows] = await connection.query<RowDataPacket[]>(statement);
    return rows;
  } finally {
    connection.destroy();
  }
}

async function temporaryFolder(url: string): Promise<string> {
  const rows = (await query(url, 'SELECT @@tmpdir AS path')) as { path: string }[];
  return rows[0]?.path ?? 'none';
}

describeWhere(startable.length === 0 ? 'this run can start none' : null, 'private servers', () => {
  for (const kind of startable) declareTests(kind);
});

function declareTests(kind: ServerKind): void {
  describe(`a private ${kind} server`, () => {
    let server: DatabaseServer;

    beforeAll(async () => {
      server = await starters[kind]();
    }, 120_000);
    afterAll(() => server.stop());

    test('reports its version', async () => {
      const version = await askVersion(server.url);

      expect(version).toContain(server.version);
      expect(version?.includes('MariaDB')).toBe(kind === 'mariadb');
    });

    test('has the same data and address after it is killed and started again', async () => {
      const url = await createDatabase(server.url);
      await query(url, 'CREATE TABLE notes (text VARCHAR(20))');
      await query(url, "INSERT INTO notes VALUES ('kept')");

      expect(await server.whyEnded()).toBeNull();
      await server.kill();
      expect(await askVersion(server.url)).toBeNull();
      expect(await server.whyEnded()).toContain('ready for connections');
      await server.restart();

      expect(await query(url, 'SELECT text FROM notes')).toEqual([{ text: 'kept' }]);
    });

    test('shares no folder for temporary tables with another, and is gone after it is stopped', async () => {
      const another = await starters[kind]();

      const folders = await Promise.all([server, another].map(({ url }) => temporaryFolder(url)));
      await another.stop();

      expect(folders[0]).not.toBe(folders[1]);
      expect(await askVersion(another.url)).toBeNull();
    });
  });
}
