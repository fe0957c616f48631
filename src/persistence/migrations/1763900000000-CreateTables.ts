import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf, kindOf, type TableIndex } from '../connection/dialect';

const tables = [
  'flow',
  'deployment',
  'concurrency_lease',
  'flow_run',
  'flow_run_tag',
  'flow_run_state',
  'task_run',
  'task_run_state',
];

/**
 * The tables. No foreign keys: a run may name a deployment that is gone (the rules have an answer for that), and
 * each key would cost every state written a locked look at its parent.
 */
export class CreateTables1763900000000 implements MigrationInterface {
  name = 'CreateTables1763900000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { createTable, types } = dialectOf(kindOf(queryRunner.dataSource));
    const { uuid, word, exactText, longText, instant, integer, double } = types;
    const create = async (table: string, columns: string[], indexes: TableIndex[]) => {
      for (const statement of createTable(table, columns, indexes)) await queryRunner.query(statement);
    };

    await create(
      'flow',
      [
        `id ${uuid} NOT NULL PRIMARY KEY`,
        `name ${exactText(255)} NOT NULL`,
        `created ${instant} NOT NULL`,
        `updated ${instant} NOT NULL`,
      ],
      [{ name: 'by_name', columns: ['name'], unique: true }],
    );
    await create(
      'deployment',
      [
        `id ${uuid} NOT NULL PRIMARY KEY`,
        `flow_id ${uuid} NOT NULL`,
        `name ${exactText(255)} NOT NULL`,
        `concurrency_limit ${integer}`,
        `collision_strategy ${word} NOT NULL`,
        `grace_period_seconds ${integer}`,
        `active_slots ${integer} NOT NULL`,
        `created ${instant} NOT NULL`,
        `updated ${instant} NOT NULL`,
      ],
      [{ name: 'by_flow_and_name', columns: ['flow_id', 'name'], unique: true }],
    );
    await create(
      'concurrency_lease',
      [
        `id ${uuid} NOT NULL PRIMARY KEY`,
        `deployment_id ${uuid} NOT NULL`,
        `expiration ${instant} NOT NULL`,
        `revoked ${instant}`,
        `created ${instant} NOT NULL`,
      ],
      [{ name: 'by_expiration', columns: ['revoked', 'expiration'] }],
    );

    const stateKeeping = [
      `state_id ${uuid}`,
      `state_type ${word}`,
      `state_name ${exactText(255)}`,
      `state_timestamp ${instant}`,
      `run_count ${integer} NOT NULL`,
      `start_time ${instant}`,
      `end_time ${instant}`,
      `expected_start_time ${instant}`,
      `next_scheduled_start_time ${instant}`,
      `total_run_time ${double} NOT NULL`,
    ];
    await create(
      'flow_run',
      [
        `id ${uuid} NOT NULL PRIMARY KEY`,
        `name ${exactText(255)} NOT NULL`,
        `name_lowered ${exactText(1024)} NOT NULL`,
        `flow_id ${uuid} NOT NULL`,
        `deployment_id ${uuid}`,
        `work_queue_name ${exactText(255)}`,
        `flow_version ${exactText(255)}`,
        `tags ${longText} NOT NULL`,
        `parameters ${longText} NOT NULL`,
        `idempotency_key ${exactText(512)}`,
        `parent_task_run_id ${uuid}`,
        `has_creator ${integer} NOT NULL`,
        `created_by_id ${uuid}`,
        `created_by_type ${exactText(255)}`,
        `created_by_display_value ${exactText(1024)}`,
        `infrastructure_pid ${exactText(1024)}`,
        ...stateKeeping,
        `effective_start_time ${instant} GENERATED ALWAYS AS (COALESCE(start_time, expected_start_time)) VIRTUAL`,
        `retries ${integer}`,
        `retry_delay ${integer}`,
        `pause_keys ${longText} NOT NULL`,
        `resuming ${integer} NOT NULL`,
        `retry_type ${word}`,
        `created ${instant} NOT NULL`,
        `updated ${instant} NOT NULL`,
      ],
      // The primary key serves every condition that many runs meet: newest first, the first fifty are soon found. An
      // index is for what few runs meet, for counts, and for sorts. The first six change when a run moves and so slow
      // the main job; the others cost only the making of a run. Creator types and "has a creator" have no index: a
      // handful of values, each of many runs. bench/filters.ts shows what each condition takes.
      [
        // Carries the start time, so that runs of a type since then are counted without reading them.
        { name: 'by_state_type', columns: ['state_type', 'id', 'effective_start_time'] },
        // "Late", "TimedOut", "Suspended": few among many of their type.
        { name: 'by_state_name', columns: ['state_name', 'id'] },
        // Each of these four has a sort of its own, which would else put all runs in order for every page.
        { name: 'by_effective_start_time', columns: ['effective_start_time', 'id'] },
        { name: 'by_end_time', columns: ['end_time', 'id'] },
        { name: 'by_expected_start_time', columns: ['expected_start_time', 'id'] },
        { name: 'by_next_scheduled_start_time', columns: ['next_scheduled_start_time', 'id'] },
        // A sort too, and names are nearly unique.
        { name: 'by_name', columns: ['name', 'id'] },
        // A deployment, a queue or a version may have few runs among many, or none of late.
        { name: 'by_deployment', columns: ['deployment_id', 'id'] },
        { name: 'by_work_queue_name', columns: ['work_queue_name', 'id'] },
        { name: 'by_flow_version', columns: ['flow_version', 'id'] },
        { name: 'by_idempotency_key', columns: ['idempotency_key', 'flow_id'], unique: true },
        // From a parent to its subflows.
        { name: 'by_parent_task_run', columns: ['parent_task_run_id', 'id'] },
        { name: 'by_creator_id', columns: ['created_by_id', 'id'] },
      ],
    );
    await create(
      'flow_run_tag',
      [`flow_run_id ${uuid} NOT NULL`, `tag ${exactText(255)} NOT NULL`, 'PRIMARY KEY (flow_run_id, tag)'],
      [{ name: 'by_tag', columns: ['tag', 'flow_run_id'] }],
    );

    const state = [
      `id ${uuid} NOT NULL PRIMARY KEY`,
      `type ${word} NOT NULL`,
      `name ${exactText(255)} NOT NULL`,
      `timestamp ${instant} NOT NULL`,
      `message ${longText}`,
      `data ${longText}`,
      `state_details ${longText} NOT NULL`,
    ];
    await create(
      'flow_run_state',
      [...state, `flow_run_id ${uuid} NOT NULL`],
      [{ name: 'by_flow_run', columns: ['flow_run_id', 'timestamp'], unique: true }],
    );
    await create(
      'task_run',
      [
        `id ${uuid} NOT NULL PRIMARY KEY`,
        `name ${exactText(255)} NOT NULL`,
        `flow_run_id ${uuid}`,
        `task_key ${exactText(255)}`,
        `dynamic_key ${exactText(255)}`,
        ...stateKeeping,
        `created ${instant} NOT NULL`,
        `updated ${instant} NOT NULL`,
      ],
      [
        { name: 'by_flow_run', columns: ['flow_run_id', 'id'] },
        { name: 'by_keys', columns: ['flow_run_id', 'task_key', 'dynamic_key'], unique: true },
      ],
    );
    await create(
      'task_run_state',
      [...state, `task_run_id ${uuid} NOT NULL`],
      [{ name: 'by_task_run', columns: ['task_run_id', 'timestamp'], unique: true }],
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of [...tables].reverse()) await queryRunner.query(`DROP TABLE IF EXISTS ${table}`);
  }
}
