import type { DataSource } from 'typeorm';
import { parseDatabaseAddress } from '../../../src/config/databaseAddress';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { createDataSource } from '../../../src/persistence/connection/dataSource';
import { migrate } from '../../../src/persistence/connection/migrate';
import { countFlowRuns } from '../../../src/persistence/flowRuns/flowRunPages';
import { migrations } from '../../../src/persistence/migrations';
import { RebuildLargeRowTables1764500000000 } from '../../../src/persistence/migrations/1764500000000-RebuildLargeRowTables';
import { describeOnEmptyDatabases } from '../../harness/databases';
import { idOf, putIn, sampleRun } from '../sampleRuns';

const rebuilt = [
  'bulk_operation',
  'bulk_operation_item',
  'extras',
  'flow_run',
  'flow_run_state',
  'task_run_state',
];
const indexOfThis = migrations.indexOf(RebuildLargeRowTables1764500000000);

describeOnEmptyDatabases(['embedded'], 'the migration that gives tables of large rows row ids', database => {
  let opened: Database;
  let upToThis: DataSource;

  const openUpTo = (index: number) =>
    createDataSource(parseDatabaseAddress(database.url))
      .setOptions({ migrations: migrations.slice(0, index) })
      .initialize();

  beforeAll(async () => {
    const older = await openUpTo(indexOfThis);
    await older.runMigrations();
    await older.destroy();
    upToThis = await openUpTo(indexOfThis + 1);
    opened = await openDatabase({ url: database.url });
  });
  afterAll(async () => {
    await upToThis?.destroy();
    await opened?.close();
  });

  const query = <Row>(sql: string): Promise<Row[]> => opened.writer.query(sql);
  const up = () => migrate(upToThis, opened.dialect);
  const down = () => upToThis.undoLastMigration();

  /** Columns, indexes and triggers, and how many rows there are. */
  async function contentOf(table: string): Promise<unknown> {
    return {
      columns: await query(`PRAGMA table_xinfo(${table})`),
      dependents: await query(
        `SELECT name, sql FROM sqlite_master WHERE tbl_name = '${table}' AND type <> 'table' AND sql IS NOT NULL ORDER BY name`,
      ),
      rows: await query(`SELECT * FROM ${table} ORDER BY 1, 2`),
    };
  }

  const contents = () => Promise.all(rebuilt.map(contentOf));

  async function tablesWithoutRowid(): Promise<string[]> {
    const rows = await query<{ name: string }>(
      'SELECT name FROM pragma_table_list WHERE wr = 1 ORDER BY name',
    );
    return rows.map(({ name }) => name);
  }

  /** Inserts a row into each table. Columns that have no value here are filled in by their types. */
  async function fillTables(): Promise<void> {
    for (const table of rebuilt) {
      const columns = await query<{ name: string; type: string }>(
        `SELECT name, type FROM pragma_table_xinfo('${table}') WHERE hidden = 0`,
      );
      const values = columns.map(({ name, type }) => (type === 'TEXT' ? `${name} 😀` : 7));
      await opened.writer.query(
        `INSERT INTO ${table} (${columns.map(({ name }) => name).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
        values,
      );
    }
  }

  test('preserves rows, columns, indexes and triggers, and so does its reversal', async () => {
    await fillTables();
    await query(
      "CREATE TRIGGER extras_marked AFTER INSERT ON extras BEGIN SELECT RAISE(ABORT, 'marked'); END",
    );
    const before = await contents();
    expect(await tablesWithoutRowid()).toEqual(expect.arrayContaining(rebuilt));

    await up();
    expect(await contents()).toEqual(before);
    expect((await tablesWithoutRowid()).filter(name => rebuilt.includes(name))).toEqual([]);

    await down();
    expect(await contents()).toEqual(before);
    expect(await tablesWithoutRowid()).toEqual(expect.arrayContaining(rebuilt));

    await query('DROP TRIGGER extras_marked');
    for (const table of rebuilt) await query(`DELETE FROM ${table}`);
  });

  test('changes all tables or none', async () => {
    const before = await tablesWithoutRowid();
    await query('CREATE TABLE bulk_operation_item_copy (id)');
    await expect(up()).rejects.toThrow('already exists');
    expect(await tablesWithoutRowid()).toEqual(before);

    await query('DROP TABLE bulk_operation_item_copy');
    await up();
    const after = await tablesWithoutRowid();
    await query('CREATE TABLE bulk_operation_item_copy (id)');
    await expect(down()).rejects.toThrow('already exists');
    expect(await tablesWithoutRowid()).toEqual(after);
    await query('DROP TABLE bulk_operation_item_copy');
  });

  test('makes looking up ids beside large rows as fast as beside small ones', async () => {
    await up();
    const any = Array.from({ length: 2000 }, (_, number) => idOf(1000 + number));
    const filter = { id: { any } };
    const fastest = async (): Promise<number> => {
      const times: number[] = [];
      for (let repetition = 0; repetition < 3; repetition++) {
        const begun = performance.now();
        expect(await countFlowRuns(opened.writer.manager, filter)).toBe(0);
        times.push(performance.now() - begun);
      }
      return Math.min(...times);
    };
    const numbers = Array.from({ length: 10 }, (_, number) => 990 + number);
    await putIn(
      opened,
      numbers.map(number => sampleRun(number)),
    );
    const besideSmall = await fastest();
    await query('UPDATE flow_run SET parameters = hex(zeroblob(500000))');

    expect((await fastest()) / besideSmall).toBeLessThan(20);
  });
});
