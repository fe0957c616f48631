import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf, kindOf } from '../connection/dialect';

const tables = ['flow_run_state', 'task_run_state'];

/** Who wrote a state, and which bulk operation: both null for the states that are there already. */
export class StoreAuthorsOfStates1764670000000 implements MigrationInterface {
  name = 'StoreAuthorsOfStates1764670000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { exactText, uuid } = dialectOf(kindOf(queryRunner.dataSource)).types;
    const columns = { actor: exactText(255), bulk_operation_id: uuid };
    for (const table of tables)
      for (const [column, type] of Object.entries(columns))
        if (!(await queryRunner.hasColumn(table, column)))
          await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN ${column} ${type} NULL`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of tables)
      for (const column of ['actor', 'bulk_operation_id'])
        if (await queryRunner.hasColumn(table, column))
          await queryRunner.query(`ALTER TABLE ${table} DROP COLUMN ${column}`);
  }
}
