import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf, kindOf } from '../connection/dialect';
import { loweredBeyondAscii } from '../entities/lowered';

/** The columns that are searched in whatever case, and their copies in lower case. */
const copies = [
  { table: 'flow', column: 'name', copy: 'name_lowered', isLong: false },
  { table: 'deployment', column: 'name', copy: 'name_lowered', isLong: false },
  { table: 'flow_run_state', column: 'message', copy: 'message_lowered', isLong: true },
];
const rowsAtOnce = 500;

async function hasIndex(queryRunner: QueryRunner, table: string, index: string): Promise<boolean> {
  const rows = (await queryRunner.query(
    'SELECT 1 AS one FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ? AND index_name = ?',
    [table, index],
  )) as unknown[];
  return rows.length > 0;
}

/** Fills a copy for the rows that are there already and whose text is not ASCII. */
async function fill(
  queryRunner: QueryRunner,
  { table, column, copy }: (typeof copies)[number],
): Promise<void> {
  const bytes =
    kindOf(queryRunner.dataSource) === 'embedded' ? `LENGTH(CAST(${column} AS BLOB))` : `LENGTH(${column})`;
  const characters =
    kindOf(queryRunner.dataSource) === 'embedded' ? `LENGTH(${column})` : `CHAR_LENGTH(${column})`;
  for (let after = ''; ; ) {
    const rows = (await queryRunner.query(
      `SELECT id, ${column} AS value FROM ${table} WHERE id > ? AND ${copy} IS NULL AND ${bytes} <> ${characters} ` +
        `ORDER BY id LIMIT ${rowsAtOnce}`,
      [after],
    )) as { id: string; value: string }[];
    for (const { id, value } of rows)
      await queryRunner.query(`UPDATE ${table} SET ${copy} = ? WHERE id = ?`, [
        loweredBeyondAscii(value),
        id,
      ]);
    const last = rows[rowsAtOnce - 1];
    if (last === undefined) return;
    after = last.id;
  }
}

/**
 * Makes runs searchable by the names of their flows and deployments and by the messages of their states: copies of these in
 * lower case where they are not ASCII, which databases lower each in its own way, and an index of the runs of a flow.
 */
export class SearchFlowsAndMessages1764650000000 implements MigrationInterface {
  name = 'SearchFlowsAndMessages1764650000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const kind = kindOf(queryRunner.dataSource);
    const { exactText, longText } = dialectOf(kind).types;
    for (const one of copies) {
      if (!(await queryRunner.hasColumn(one.table, one.copy)))
        await queryRunner.query(
          `ALTER TABLE ${one.table} ADD COLUMN ${one.copy} ${one.isLong ? longText : exactText(1024)}`,
        );
      await fill(queryRunner, one);
    }
    if (kind === 'embedded')
      await queryRunner.query('CREATE INDEX IF NOT EXISTS flow_run_by_flow ON flow_run (flow_id, id)');
    else if (!(await hasIndex(queryRunner, 'flow_run', 'by_flow')))
      await queryRunner.query('ALTER TABLE flow_run ADD INDEX by_flow (flow_id, id)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    if (kindOf(queryRunner.dataSource) === 'embedded')
      await queryRunner.query('DROP INDEX IF EXISTS flow_run_by_flow');
    else if (await hasIndex(queryRunner, 'flow_run', 'by_flow'))
      await queryRunner.query('ALTER TABLE flow_run DROP INDEX by_flow');
    for (const { table, copy } of copies)
      if (await queryRunner.hasColumn(table, copy))
        await queryRunner.query(`ALTER TABLE ${table} DROP COLUMN ${copy}`);
  }
}
