import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf, kindOf } from '../connection/dialect';

const table = 'bulk_operation_item';

/** Items keep all the matching runs above theirs, where they kept the topmost alone. */
export class KeepMatchesAbove1764100000000 implements MigrationInterface {
  name = 'KeepMatchesAbove1764100000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { longText } = dialectOf(kindOf(queryRunner.dataSource)).types;
    if (!(await queryRunner.hasColumn(table, 'matches_above')))
      await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN matches_above ${longText}`);
    if (!(await queryRunner.hasColumn(table, 'root_id'))) return;
    await queryRunner.query(
      `UPDATE ${table} SET matches_above = JSON_ARRAY(root_id) WHERE root_id IS NOT NULL AND matches_above IS NULL`,
    );
    await queryRunner.query(`ALTER TABLE ${table} DROP COLUMN root_id`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { uuid } = dialectOf(kindOf(queryRunner.dataSource)).types;
    if (!(await queryRunner.hasColumn(table, 'root_id')))
      await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN root_id ${uuid}`);
    if (!(await queryRunner.hasColumn(table, 'matches_above'))) return;
    await queryRunner.query(
      `UPDATE ${table} SET root_id = SUBSTR(matches_above, 3, 36) WHERE matches_above IS NOT NULL AND root_id IS NULL`,
    );
    await queryRunner.query(`ALTER TABLE ${table} DROP COLUMN matches_above`);
  }
}
