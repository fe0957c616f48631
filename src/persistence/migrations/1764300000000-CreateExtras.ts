import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf, kindOf } from '../connection/dialect';

/** What clients send along that nothing here decides by: labels, job variables and the like. */
export class CreateExtras1764300000000 implements MigrationInterface {
  name = 'CreateExtras1764300000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { createTable, types } = dialectOf(kindOf(queryRunner.dataSource));
    const { uuid, word, longText } = types;
    const columns = [
      `owner_id ${uuid} NOT NULL`,
      `owner_kind ${word} NOT NULL`,
      `content ${longText} NOT NULL`,
      'PRIMARY KEY (owner_id, owner_kind)',
    ];
    for (const statement of createTable('extras', columns, [])) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE IF EXISTS extras');
  }
}
