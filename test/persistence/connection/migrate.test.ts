import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { openApplication } from '../../../src/bootstrap';
import { readConfig } from '../../../src/config/config';
import type { BulkOperationId, FlowRunId } from '../../../src/domain/identifiers';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { migrations } from '../../../src/persistence/migrations';
import { findItems } from '../../../src/persistence/operations/items';
import { createLogger } from '../../../src/platform/logging';
import { builtFile } from '../../harness/builtFile';
import { databaseKinds, describeOnEmptyDatabases } from '../../harness/databases';
import { idOf } from '../sampleRuns';

/** Migrates in a process of its own; throws what it printed where it fails. */
const migrateInProcess = (url: string) =>
  promisify(execFile)(process.execPath, [builtFile('test/persistence/connection/migrateOnce.js'), url]);

/** What a database holds of ours: its tables with their columns, and their indexes. */
async function structureOf({ writer, kind }: Database): Promise<string[]> {
  const embedded = `SELECT type || ' ' || name || ' ' || sql AS line FROM sqlite_master
    WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND tbl_name <> 'migration'`;
  const server = `SELECT CONCAT_WS(' ', table_name, column_name, column_type, collation_name, is_nullable, extra) AS line
      FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name <> 'migration'
    UNION ALL SELECT CONCAT_WS(' ', table_name, index_name, non_unique, seq_in_index, column_name)
      FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name <> 'migration'`;
  const rows: { line: string }[] = await writer.query(kind === 'embedded' ? embedded : server);
  return rows.map(({ line }) => line).sort();
}

async function recorded({ writer }: Database): Promise<string[]> {
  const rows: { name: string }[] = await writer.query('SELECT name FROM migration ORDER BY id');
  return rows.map(({ name }) => name);
}

const all = migrations.map(({ name }) => name);

describeOnEmptyDatabases(databaseKinds, 'migrations', database => {
  let opened: Database;
  let whole: string[];

  beforeAll(async () => {
    opened = await openDatabase({ url: database.url });
  });
  afterAll(() => opened?.close());

  /** Takes back the migrations from one of them on. */
  async function migrateDown(from = all[0]): Promise<void> {
    for (const _ of all.slice(all.indexOf(from ?? '')))
      await opened.writer.undoLastMigration({ transaction: 'none' });
  }

  test('do not run in a gateway with MIGRATE=off', async () => {
    const config = readConfig({ DATABASE_URL: database.url, MIGRATE: 'off' });
    const services = await openApplication(config, createLogger('silent'));
    try {
      expect(await services.database.isReady()).toBe(false);
      expect(await structureOf(opened)).toEqual([]);
    } finally {
      await services.database.close();
    }
  });

  test('run once in two processes that start at the same time', async () => {
    await Promise.all([migrateInProcess(database.url), migrateInProcess(database.url)]);
    expect(await recorded(opened)).toEqual(all);
    expect(await opened.isReady()).toBe(true);
    whole = await structureOf(opened);
    expect(whole.length).toBeGreaterThan(0);
  });

  test('change nothing when they run again', async () => {
    await opened.migrate();
    expect(await recorded(opened)).toEqual(all);
    expect(await structureOf(opened)).toEqual(whole);
  });

  test('are reverted completely, and run again', async () => {
    await migrateDown();
    expect(await structureOf(opened)).toEqual([]);
    expect(await opened.isReady()).toBe(false);
    await opened.migrate();
    expect(await structureOf(opened)).toEqual(whole);
  });

  test('preserve an item from the time when only the topmost matching run was stored', async () => {
    const { writer } = opened;
    const operationId = idOf<BulkOperationId>(1);
    const above = idOf<FlowRunId>(2);
    await migrateDown('KeepMatchesAbove1764100000000');
    const columns = 'operation_id, ordinal, flow_run_id, depth, is_match, status, attempts, root_id';
    for (const [ordinal, rootId] of [
      [1, above],
      [2, null],
    ] as const)
      await writer.query(
        `INSERT INTO bulk_operation_item (${columns}) VALUES (?, ?, ?, 1, 0, 'PENDING', 0, ?)`,
        [operationId, ordinal, idOf(10 + ordinal), rootId],
      );
    const matchesAbove = async (): Promise<unknown[]> =>
      (await findItems(writer, operationId, 1, 2)).map(item => item.matchesAbove);
    await opened.migrate();
    expect(await matchesAbove()).toEqual([[above], null]);
    await migrateDown('KeepMatchesAbove1764100000000');
    await opened.migrate();
    expect(await matchesAbove()).toEqual([[above], null]);
    await writer.query('DELETE FROM bulk_operation_item');
    expect(await structureOf(opened)).toEqual(whole);
  });

  test('leave the keys of task runs without a flow run to the first of them', async () => {
    const { writer } = opened;
    await migrateDown('UniqueTaskKeysWithoutFlowRun1764400000000');
    const now = '2026-11-23 15:34:00.123456';
    const insert = (id: number, flowRunId: string | null, dynamicKey: string | null) =>
      writer.query(
        'INSERT INTO task_run (id, name, flow_run_id, task_key, dynamic_key, run_count, total_run_time, created, updated) ' +
          'VALUES (?, ?, ?, ?, ?, 0, 0, ?, ?)',
        [idOf(id), `task ${id}`, flowRunId, dynamicKey && 'child', dynamicKey, now, now],
      );
    for (const [id, dynamicKey] of [
      [3, 'a'],
      [1, 'a'],
      [2, 'a'],
      [4, 'b'],
      [5, null],
      [6, null],
    ] as const)
      await insert(id, null, dynamicKey);
    await insert(7, idOf(100), 'a');
    await opened.migrate();
    const keys: { dynamic_key: string | null }[] = await writer.query(
      'SELECT dynamic_key FROM task_run ORDER BY id',
    );
    expect(keys.map(row => row.dynamic_key)).toEqual(['a', null, null, 'b', null, null, 'a']);
    await writer.query('DELETE FROM task_run');
    expect(await structureOf(opened)).toEqual(whole);
  });

  async function namesOf(type: 'table' | 'index'): Promise<string[]> {
    const { writer, kind } = opened;
    if (kind !== 'embedded') {
      // There a table comes with its indexes, in one statement.
      if (type === 'index') return [];
      const rows: { name: string }[] = await writer.query(
        'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
      );
      return rows.map(({ name }) => name).filter(name => name !== 'migration');
    }
    const rows: { name: string }[] = await writer.query(
      "SELECT name FROM sqlite_master WHERE type = ? AND sql IS NOT NULL AND tbl_name <> 'migration'",
      [type],
    );
    return rows.map(({ name }) => name);
  }

  test.each([
    ['at its first table', 1, 0],
    ['half-way', 0.5, 0.5],
    ['before it was recorded', 0, 0],
  ])('that were killed %s are completed by the next start', async (_when, tables, indexes) => {
    const some = (names: string[], part: number) => names.slice(0, Math.ceil(names.length * part));
    await opened.writer.query('DELETE FROM migration');
    for (const name of some(await namesOf('index'), indexes)) await opened.writer.query(`DROP INDEX ${name}`);
    for (const name of some(await namesOf('table'), tables).slice(1))
      await opened.writer.query(`DROP TABLE ${name}`);
    await opened.migrate();
    expect(await recorded(opened)).toEqual(all);
    expect(await structureOf(opened)).toEqual(whole);
  });
});
