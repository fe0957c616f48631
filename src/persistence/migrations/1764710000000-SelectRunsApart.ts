import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf, kindOf } from '../connection/dialect';

const items = 'bulk_operation_item';
const selected = 'bulk_operation_selected_run';

/** An index of items; on the embedded database its name begins with that of the table. */
interface ItemIndex {
  name: string;
  columns: string;
  isUnique: boolean;
}

const byRun = '(flow_run_id, operation_id)';
const before: readonly ItemIndex[] = [
  { name: 'by_flow_run', columns: '(operation_id, flow_run_id)', isUnique: true },
  { name: 'by_run', columns: byRun, isUnique: false },
];
const after: readonly ItemIndex[] = [{ name: 'by_run', columns: byRun, isUnique: true }];

async function indexesOnServer(queryRunner: QueryRunner): Promise<string[]> {
  const rows = (await queryRunner.query(
    "SELECT DISTINCT index_name AS name FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ? AND index_name IN ('by_flow_run', 'by_run')",
    [items],
  )) as { name: string }[];
  return rows.map(({ name }) => name).sort();
}

/** Puts some indexes in the place of others; on a server in one statement, so that the pair of columns is unique all the time. */
async function replaceIndexes(
  queryRunner: QueryRunner,
  replaced: readonly ItemIndex[],
  wanted: readonly ItemIndex[],
): Promise<void> {
  const kind = ({ isUnique }: ItemIndex) => (isUnique ? 'UNIQUE INDEX' : 'INDEX');
  if (kindOf(queryRunner.dataSource) === 'embedded') {
    for (const { name } of replaced) await queryRunner.query(`DROP INDEX IF EXISTS ${items}_${name}`);
    for (const index of wanted)
      await queryRunner.query(
        `CREATE ${kind(index)} IF NOT EXISTS ${items}_${index.name} ON ${items} ${index.columns}`,
      );
    return;
  }
  const present = await indexesOnServer(queryRunner);
  if (present.join() === wanted.map(({ name }) => name).join()) return;
  const drops = present.map(name => `DROP INDEX ${name}`);
  const adds = wanted.map(index => `ADD ${kind(index)} ${index.name} ${index.columns}`);
  await queryRunner.query(`ALTER TABLE ${items} ${[...drops, ...adds].join(', ')}`);
}

/**
 * Runs of a selection with subflows have a table of their own until they are in order. Among the items they needed an index by
 * operation and run, beside that from a run to its operations; each costs an operation time for each of its runs.
 */
export class SelectRunsApart1764710000000 implements MigrationInterface {
  name = 'SelectRunsApart1764710000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { createTable, types } = dialectOf(kindOf(queryRunner.dataSource));
    const { uuid, integer, longText } = types;
    const columns = [
      `operation_id ${uuid} NOT NULL`,
      `flow_run_id ${uuid} NOT NULL`,
      `depth ${integer} NOT NULL`,
      `is_match ${integer} NOT NULL`,
      `is_passed ${integer} NOT NULL`,
      `matches_above ${longText}`,
      `expected_state_id ${uuid}`,
      'PRIMARY KEY (operation_id, flow_run_id)',
    ];
    for (const statement of createTable(selected, columns, [])) await queryRunner.query(statement);
    await queryRunner.query(
      `INSERT INTO ${selected} (operation_id, flow_run_id, depth, is_match, is_passed, matches_above, expected_state_id)
       SELECT operation_id, flow_run_id, depth, is_match, CASE WHEN status = 'PASSED' THEN 1 ELSE 0 END, matches_above, expected_state_id
       FROM ${items} item WHERE ordinal < 0 AND NOT EXISTS (SELECT 1 FROM ${selected} moved
         WHERE moved.operation_id = item.operation_id AND moved.flow_run_id = item.flow_run_id)`,
    );
    await queryRunner.query(`DELETE FROM ${items} WHERE ordinal < 0`);
    await replaceIndexes(queryRunner, before, after);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await replaceIndexes(queryRunner, after, before);
    if (!(await queryRunner.hasTable(selected))) return;
    await queryRunner.query(
      `INSERT INTO ${items} (operation_id, ordinal, flow_run_id, depth, is_match, status, matches_above, expected_state_id, attempts)
       SELECT operation_id, -ROW_NUMBER() OVER (PARTITION BY operation_id ORDER BY flow_run_id DESC), flow_run_id, depth, is_match,
         CASE WHEN is_passed = 1 THEN 'PASSED' ELSE 'PENDING' END, matches_above, expected_state_id, 0
       FROM ${selected} run WHERE NOT EXISTS (SELECT 1 FROM ${items} moved
         WHERE moved.operation_id = run.operation_id AND moved.flow_run_id = run.flow_run_id)`,
    );
    // The next one that is selected gets an ordinal behind these.
    await queryRunner.query(
      `UPDATE bulk_operation SET last_ordinal = (SELECT COUNT(*) FROM ${selected} run WHERE run.operation_id = bulk_operation.id)
       WHERE EXISTS (SELECT 1 FROM ${selected} run WHERE run.operation_id = bulk_operation.id)`,
    );
    await queryRunner.query(`DROP TABLE ${selected}`);
  }
}
