import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf, kindOf, type TableIndex } from '../connection/dialect';

/** The ledger of bulk operations: what was asked, run by run what became of it, and the batches that decide. */
export class CreateBulkOperations1764000000000 implements MigrationInterface {
  name = 'CreateBulkOperations1764000000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { createTable, types } = dialectOf(kindOf(queryRunner.dataSource));
    const { uuid, word, exactText, longText, instant, integer } = types;
    const create = async (table: string, columns: string[], indexes: TableIndex[]) => {
      for (const statement of createTable(table, columns, indexes)) await queryRunner.query(statement);
    };

    await create(
      'bulk_operation',
      [
        `id ${uuid} NOT NULL PRIMARY KEY`,
        `origin ${word} NOT NULL`,
        `status ${word} NOT NULL`,
        `paused_for ${word}`,
        `error ${longText}`,
        `definition ${longText} NOT NULL`,
        `digest ${exactText(64)} NOT NULL`,
        `idempotency_key ${exactText(255)}`,
        `actor ${exactText(255)} NOT NULL`,
        `retry_of ${uuid}`,
        `undo_of ${uuid}`,
        `restores ${uuid}`,
        `selection ${longText}`,
        `last_ordinal ${integer} NOT NULL`,
        `last_position ${integer} NOT NULL`,
        `canary_passed ${integer} NOT NULL`,
        `failure_window ${exactText(100)} NOT NULL`,
        `runs_per_second ${integer}`,
        `paced_until ${instant}`,
        `matched ${integer} NOT NULL`,
        `pending ${integer} NOT NULL`,
        `accepted ${integer} NOT NULL`,
        `rejected ${integer} NOT NULL`,
        `aborted ${integer} NOT NULL`,
        `waiting ${integer} NOT NULL`,
        `skipped ${integer} NOT NULL`,
        `outcomes ${longText} NOT NULL`,
        `planned_slots ${longText} NOT NULL`,
        `created ${instant} NOT NULL`,
        `planned ${instant}`,
        `expires ${instant}`,
        `started ${instant}`,
        `ended ${instant}`,
      ],
      [
        // Workers look for what is active, lists for what is in a status.
        { name: 'by_status', columns: ['status', 'id'] },
        { name: 'by_idempotency_key', columns: ['idempotency_key', 'actor', 'origin'], unique: true },
        { name: 'by_undo_of', columns: ['undo_of'], unique: true },
        // Retention looks for those that ended longest ago.
        { name: 'by_ended', columns: ['ended'] },
      ],
    );
    await create(
      'bulk_operation_batch',
      [
        `operation_id ${uuid} NOT NULL`,
        `first_ordinal ${integer} NOT NULL`,
        `last_ordinal ${integer} NOT NULL`,
        `depth ${integer} NOT NULL`,
        `due ${instant}`,
        `planned ${instant}`,
        `decided ${instant}`,
        `first_position ${integer}`,
        'PRIMARY KEY (operation_id, first_ordinal)',
      ],
      [
        // The next batch to decide, however many are decided.
        { name: 'by_decided', columns: ['operation_id', 'decided', 'depth', 'first_ordinal'] },
        // Those who watch go on from a position.
        { name: 'by_position', columns: ['operation_id', 'first_position'] },
      ],
    );
    await create(
      'bulk_operation_item',
      [
        `operation_id ${uuid} NOT NULL`,
        `ordinal ${integer} NOT NULL`,
        `flow_run_id ${uuid} NOT NULL`,
        `depth ${integer} NOT NULL`,
        `is_match ${integer} NOT NULL`,
        `root_id ${uuid}`,
        `status ${word} NOT NULL`,
        `code ${word}`,
        `reason ${longText}`,
        `delay_seconds ${integer}`,
        `expected_state_id ${uuid}`,
        `planned_status ${word}`,
        `planned_code ${word}`,
        `planned_reason ${longText}`,
        `previous_state_id ${uuid}`,
        `state_id ${uuid}`,
        `before_transition ${longText}`,
        `attempts ${integer} NOT NULL`,
        `decided ${instant}`,
        `batch ${integer}`,
        `place ${integer}`,
        'PRIMARY KEY (operation_id, ordinal)',
      ],
      [
        // One item a run, whatever happens to the selection.
        { name: 'by_flow_run', columns: ['operation_id', 'flow_run_id'], unique: true },
        // What was not accepted, by reason. Accepted items have no code, so that this index costs them nothing.
        { name: 'by_code', columns: ['operation_id', 'code', 'ordinal'] },
      ],
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['bulk_operation_item', 'bulk_operation_batch', 'bulk_operation'])
      await queryRunner.query(`DROP TABLE IF EXISTS ${table}`);
  }
}
