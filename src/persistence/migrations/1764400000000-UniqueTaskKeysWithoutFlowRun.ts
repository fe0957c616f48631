import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf, kindOf } from '../connection/dialect';

const table = 'task_run';
const column = 'stands_alone';
const index = `(${column}, task_key, dynamic_key)`;

/** Removes the keys of all task runs but the first where several without a flow run have the same. */
async function removeRepeatedKeys(queryRunner: QueryRunner): Promise<void> {
  const firsts =
    `SELECT task_key, dynamic_key, MIN(id) AS id FROM ${table} ` +
    'WHERE flow_run_id IS NULL GROUP BY task_key, dynamic_key HAVING COUNT(*) > 1';
  const repeated = (await queryRunner.query(
    `SELECT run.id AS id FROM ${table} run JOIN (${firsts}) first ` +
      'ON first.task_key = run.task_key AND first.dynamic_key = run.dynamic_key ' +
      'WHERE run.flow_run_id IS NULL AND run.id <> first.id',
  )) as { id: string }[];
  for (const { id } of repeated)
    await queryRunner.query(`UPDATE ${table} SET task_key = NULL, dynamic_key = NULL WHERE id = ?`, [id]);
}

/**
 * Makes a pair of keys unique among the task runs without a flow run too. A unique index never compares NULL, so a
 * generated column that is 1 in those rows stands in for the flow run.
 */
export class UniqueTaskKeysWithoutFlowRun1764400000000 implements MigrationInterface {
  name = 'UniqueTaskKeysWithoutFlowRun1764400000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const kind = kindOf(queryRunner.dataSource);
    const { integer } = dialectOf(kind).types;
    // MariaDB accepts a CHAR column in an indexed expression only where RTRIM makes it independent of the SQL mode.
    const expression = 'CASE WHEN RTRIM(flow_run_id) IS NULL THEN 1 END';
    const definition = `${column} ${integer} GENERATED ALWAYS AS (${expression}) VIRTUAL`;
    const hasColumn = await queryRunner.hasColumn(table, column);
    if (!hasColumn) await removeRepeatedKeys(queryRunner);
    if (kind === 'embedded') {
      if (!hasColumn) await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN ${definition}`);
      await queryRunner.query(
        `CREATE UNIQUE INDEX IF NOT EXISTS ${table}_by_keys_alone ON ${table} ${index}`,
      );
      return;
    }
    // One statement, so that no process that is killed here leaves the column without its index.
    if (!hasColumn)
      await queryRunner.query(
        `ALTER TABLE ${table} ADD COLUMN ${definition}, ADD UNIQUE INDEX by_keys_alone ${index}`,
      );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    if (!(await queryRunner.hasColumn(table, column))) return;
    if (kindOf(queryRunner.dataSource) === 'embedded') {
      await queryRunner.query(`DROP INDEX IF EXISTS ${table}_by_keys_alone`);
      await queryRunner.query(`ALTER TABLE ${table} DROP COLUMN ${column}`);
      return;
    }
    await queryRunner.query(`ALTER TABLE ${table} DROP INDEX by_keys_alone, DROP COLUMN ${column}`);
  }
}
