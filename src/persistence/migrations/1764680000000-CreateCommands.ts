import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf, kindOf } from '../connection/dialect';

/** The commands that were given to bulk operations; operations that are there already have none. */
export class CreateCommands1764680000000 implements MigrationInterface {
  name = 'CreateCommands1764680000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { createTable, types } = dialectOf(kindOf(queryRunner.dataSource));
    const { uuid, word, exactText, instant, integer } = types;
    const columns = [
      `id ${uuid} NOT NULL PRIMARY KEY`,
      `operation_id ${uuid} NOT NULL`,
      `kind ${word} NOT NULL`,
      `actor ${exactText(255)} NOT NULL`,
      `at ${instant} NOT NULL`,
      `runs_per_second ${integer}`,
    ];
    const byOperation = { name: 'by_operation', columns: ['operation_id', 'id'] };
    for (const statement of createTable('bulk_operation_command', columns, [byOperation]))
      await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE IF EXISTS bulk_operation_command');
  }
}
