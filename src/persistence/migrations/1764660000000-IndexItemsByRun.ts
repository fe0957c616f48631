import type { MigrationInterface, QueryRunner } from 'typeorm';
import { kindOf } from '../connection/dialect';

const table = 'bulk_operation_item';
const columns = '(flow_run_id, operation_id)';

async function hasIndex(queryRunner: QueryRunner): Promise<boolean> {
  const rows = (await queryRunner.query(
    "SELECT 1 AS one FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ? AND index_name = 'by_run'",
    [table],
  )) as unknown[];
  return rows.length > 0;
}

/** From a run to the operations that have it as an item: without the index, every operation would be searched for it. */
export class IndexItemsByRun1764660000000 implements MigrationInterface {
  name = 'IndexItemsByRun1764660000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    if (kindOf(queryRunner.dataSource) === 'embedded')
      await queryRunner.query(`CREATE INDEX IF NOT EXISTS ${table}_by_run ON ${table} ${columns}`);
    else if (!(await hasIndex(queryRunner)))
      await queryRunner.query(`ALTER TABLE ${table} ADD INDEX by_run ${columns}`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    if (kindOf(queryRunner.dataSource) === 'embedded')
      await queryRunner.query(`DROP INDEX IF EXISTS ${table}_by_run`);
    else if (await hasIndex(queryRunner)) await queryRunner.query(`ALTER TABLE ${table} DROP INDEX by_run`);
  }
}
