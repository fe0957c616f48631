import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf, kindOf } from '../connection/dialect';

const tables = ['bulk_operation_sending', 'mirrored_flow_run', 'mirrored_deployment', 'mirror'];

/**
 * What a gateway that is attached to a Prefect server stores beside the copies of its runs: transitions under way, how old
 * each copy is, and how far the mirror is. Tables of their own, so that rows of other gateways stay as short as they are.
 */
export class CreateMirror1764690000000 implements MigrationInterface {
  name = 'CreateMirror1764690000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { createTable, types } = dialectOf(kindOf(queryRunner.dataSource));
    const { uuid, word, exactText, longText, instant, integer, double } = types;
    const statements = [
      ...createTable(
        'bulk_operation_sending',
        [
          `operation_id ${uuid} NOT NULL`,
          `flow_run_id ${uuid} NOT NULL`,
          `content ${longText} NOT NULL`,
          `tries ${integer} NOT NULL`,
          `failures_alike ${integer} NOT NULL`,
          `last_failure ${longText}`,
          `settled ${instant}`,
          `moved_another_state ${integer} NOT NULL`,
          'PRIMARY KEY (operation_id, flow_run_id)',
        ],
        [{ name: 'by_settled', columns: ['settled', 'operation_id'] }],
      ),
      ...createTable(
        'mirrored_flow_run',
        [
          `flow_run_id ${uuid} NOT NULL PRIMARY KEY`,
          `read_at ${instant} NOT NULL`,
          `walk ${integer} NOT NULL`,
        ],
        [{ name: 'by_walk', columns: ['walk', 'flow_run_id'] }],
      ),
      ...createTable(
        'mirrored_deployment',
        [`deployment_id ${uuid} NOT NULL PRIMARY KEY`, `is_limit_active ${integer} NOT NULL`],
        [],
      ),
      ...createTable(
        'mirror',
        [
          `id ${integer} NOT NULL PRIMARY KEY`,
          `address ${exactText(1024)} NOT NULL`,
          `phase ${word} NOT NULL`,
          `walk ${integer} NOT NULL`,
          `walk_started ${instant}`,
          `walk_after ${instant}`,
          `last_walk ${instant}`,
          `last_sweep ${instant}`,
          `last_event ${instant}`,
          `lag_seconds ${double}`,
          `mispredicted ${integer} NOT NULL`,
          `updated ${instant} NOT NULL`,
        ],
        [],
      ),
    ];
    for (const statement of statements) await queryRunner.query(statement);
    if (!(await queryRunner.hasColumn('bulk_operation', 'rows_read_at')))
      await queryRunner.query(`ALTER TABLE bulk_operation ADD COLUMN rows_read_at ${instant} NULL`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of tables) await queryRunner.query(`DROP TABLE IF EXISTS ${table}`);
    if (await queryRunner.hasColumn('bulk_operation', 'rows_read_at'))
      await queryRunner.query('ALTER TABLE bulk_operation DROP COLUMN rows_read_at');
  }
}
