import type { MigrationInterface, QueryRunner } from 'typeorm';
import { kindOf } from '../connection/dialect';

/**
 * The tables whose rows a caller can make large: by parameters, states' data, labels, lists of runs. Rows of the other
 * tables hold a few short columns.
 */
const tables = [
  'flow_run',
  'flow_run_state',
  'task_run_state',
  'extras',
  'bulk_operation',
  'bulk_operation_item',
];

const withoutRowid = /\s+WITHOUT ROWID$/;

interface SchemaRow {
  type: 'table' | 'index' | 'trigger';
  sql: string;
}

/** The statements that create a table, its indexes and its triggers, the table first. */
function schemaOf(queryRunner: QueryRunner, table: string): Promise<SchemaRow[]> {
  return queryRunner.query(
    "SELECT type, sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type = 'table' DESC, rowid",
    [table],
  );
}

/** The columns that hold values of their own, and not generated ones. */
async function storedColumns(queryRunner: QueryRunner, table: string): Promise<string> {
  const columns = (await queryRunner.query(
    'SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0 ORDER BY cid',
    [table],
  )) as { name: string }[];
  return columns.map(({ name }) => name).join(', ');
}

/** Creates a table again with or without row ids, and copies its rows, indexes and triggers. */
async function rebuild(queryRunner: QueryRunner, table: string, hasRowid: boolean): Promise<void> {
  const [created, ...dependents] = await schemaOf(queryRunner, table);
  if (created === undefined || withoutRowid.test(created.sql) !== hasRowid) return;
  const columns = await storedColumns(queryRunner, table);
  const definition = created.sql.slice(created.sql.indexOf('(')).replace(withoutRowid, '');
  const copy = `${table}_copy`;
  await queryRunner.query(`CREATE TABLE ${copy} ${definition}${hasRowid ? '' : ' WITHOUT ROWID'}`);
  await queryRunner.query(`INSERT INTO ${copy} (${columns}) SELECT ${columns} FROM ${table}`);
  await queryRunner.query(`DROP TABLE ${table}`);
  await queryRunner.query(`ALTER TABLE ${copy} RENAME TO ${table}`);
  for (const { sql } of dependents) await queryRunner.query(sql);
}

/**
 * Expects the caller's transaction: a savepoint inside one would hold a copy of every changed page in memory, 4 MB for
 * each 1,000 runs.
 */
async function rebuildAll(queryRunner: QueryRunner, hasRowid: boolean): Promise<void> {
  if (kindOf(queryRunner.dataSource) !== 'embedded') return;
  for (const table of tables) await rebuild(queryRunner, table, hasRowid);
}

/**
 * Gives the embedded database's tables of large rows row ids. SQLite stores a table WITHOUT ROWID as an index of whole
 * rows, and reads all of a row, overflow pages included, to compare its key: beside ten runs with
 * parameters of 1 MB, looking up 10,000 ids took 8 s, and takes 8 ms where keys have an index of their own. MySQL and
 * MariaDB are unaffected.
 */
export class RebuildLargeRowTables1764500000000 implements MigrationInterface {
  name = 'RebuildLargeRowTables1764500000000';

  up(queryRunner: QueryRunner): Promise<void> {
    return rebuildAll(queryRunner, true);
  }

  down(queryRunner: QueryRunner): Promise<void> {
    return rebuildAll(queryRunner, false);
  }
}
