import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf, kindOf } from '../connection/dialect';

const table = 'bulk_operation';

/** An operation tells since when it is being deleted, part by part: nobody finds it any more. */
export class HideDeletedOperations1764200000000 implements MigrationInterface {
  name = 'HideDeletedOperations1764200000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    if (await queryRunner.hasColumn(table, 'deleted')) return;
    const { instant } = dialectOf(kindOf(queryRunner.dataSource)).types;
    await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN deleted ${instant}`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    if (await queryRunner.hasColumn(table, 'deleted'))
      await queryRunner.query(`ALTER TABLE ${table} DROP COLUMN deleted`);
  }
}
