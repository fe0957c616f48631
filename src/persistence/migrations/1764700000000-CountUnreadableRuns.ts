import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf, kindOf } from '../connection/dialect';

/** How many runs of the Prefect server cannot be read. */
export class CountUnreadableRuns1764700000000 implements MigrationInterface {
  name = 'CountUnreadableRuns1764700000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { integer } = dialectOf(kindOf(queryRunner.dataSource)).types;
    if (!(await queryRunner.hasColumn('mirror', 'unreadable')))
      await queryRunner.query(`ALTER TABLE mirror ADD COLUMN unreadable ${integer} NOT NULL DEFAULT 0`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    if (await queryRunner.hasColumn('mirror', 'unreadable'))
      await queryRunner.query('ALTER TABLE mirror DROP COLUMN unreadable');
  }
}
