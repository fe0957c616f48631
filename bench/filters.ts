import type { Logger } from 'typeorm';
import type { Database } from '../src/persistence/database';
import { openDatabase } from '../src/persistence/database';
import { compileFlowRunFilter } from '../src/persistence/filter/compile';
import { countFlowRuns, findFlowRunPage } from '../src/persistence/flowRunPages';
import type { Benchmark } from './support/report';
import { percentile, timed } from './support/statistics';
import type { Store } from './support/store';

const repetitions = 5;
const pageLength = 50;

/** Keeps the last statement sent, so that it can be explained. */
class LastStatement implements Logger {
  sql = '';
  parameters: unknown[] = [];
  logQuery(sql: string, parameters?: unknown[]): void {
    this.sql = sql;
    this.parameters = parameters ?? [];
  }
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}

const explanations = {
  embedded: 'EXPLAIN QUERY PLAN',
  mysql: 'EXPLAIN FORMAT=TRADITIONAL',
  mariadb: 'EXPLAIN',
};

async function explain(database: Database, { sql, parameters }: LastStatement): Promise<string> {
  const isEmbedded = database.kind === 'embedded';
  const rows: Record<string, unknown>[] = await database.reader.query(
    `${explanations[database.kind]} ${sql}`,
    parameters,
  );
  return rows
    .map(row =>
      isEmbedded
        ? String(row.detail)
        : `${row.table}: ${row.key ?? 'no key'} (${row.type}, ${row.rows} rows${row.Extra ? `, ${row.Extra}` : ''})`,
    )
    .join('; ');
}

/** One filter for each condition, with values that the data has. */
async function everyCondition(store: Store): Promise<Record<string, unknown>> {
  const [run = {}] = await store.all(
    'SELECT * FROM flow_run WHERE created_by_id IS NOT NULL AND idempotency_key IS NOT NULL ' +
      'AND deployment_id IS NOT NULL ORDER BY id LIMIT 1',
  );
  const [taskRun = {}] = await store.all('SELECT id, flow_run_id FROM task_run ORDER BY id LIMIT 1');
  const early = '2026-01-02T00:00:00.000000Z';
  const late = '2026-03-30T00:00:00.000000Z';
  const absent = '00000000-0000-7000-8000-000000000000';
  return {
    '(none)': {},
    'id.any': { id: { any: [run.id] } },
    'id.notAny': { id: { notAny: [run.id] } },
    'name.any': { name: { any: [run.name] } },
    'name.like (common)': { name: { like: 'amber' } },
    'name.like (absent)': { name: { like: 'nowhere-to-be-found' } },
    'tags.all (common)': { tags: { all: ['nightly', 'production'] } },
    'tags.all (rare)': { tags: { all: ['rare', 'quarter-end'] } },
    'tags.any (common)': { tags: { any: ['nightly'] } },
    'tags.any (rare)': { tags: { any: ['rare'] } },
    'tags.any (absent)': { tags: { any: ['absent'] } },
    'tags.isNull': { tags: { isNull: true } },
    'tags.isNull false': { tags: { isNull: false } },
    'deploymentId.any': { deploymentId: { any: [run.deployment_id] } },
    'deploymentId.isNull': { deploymentId: { isNull: true } },
    'workQueueName.any': { workQueueName: { any: ['gpu'] } },
    'workQueueName.isNull': { workQueueName: { isNull: true } },
    'state.type.any (common)': { state: { type: { any: ['RUNNING'] } } },
    'state.type.any (two)': { state: { type: { any: ['PAUSED', 'CRASHED'] } } },
    'state.type.notAny': { state: { type: { notAny: ['RUNNING'] } } },
    'state.name.any': { state: { name: { any: ['Late'] } } },
    'state.name.notAny': { state: { name: { notAny: ['Running'] } } },
    'flowVersion.any': { flowVersion: { any: ['v3'] } },
    'startTime.before (few)': { startTime: { before: early } },
    'startTime.after (few)': { startTime: { after: late } },
    'startTime.isNull': { startTime: { isNull: true } },
    'startTime.isNull false': { startTime: { isNull: false } },
    'endTime.before (few)': { endTime: { before: early } },
    'endTime.after (few)': { endTime: { after: late } },
    'endTime.isNull': { endTime: { isNull: true } },
    'expectedStartTime.before (few)': { expectedStartTime: { before: early } },
    'expectedStartTime.after (few)': { expectedStartTime: { after: late } },
    'nextScheduledStartTime.before': { nextScheduledStartTime: { before: early } },
    'nextScheduledStartTime.after': { nextScheduledStartTime: { after: late } },
    'parentFlowRunId.any': { parentFlowRunId: { any: [taskRun.flow_run_id] } },
    'parentTaskRunId.any': { parentTaskRunId: { any: [taskRun.id] } },
    'parentTaskRunId.isNull false': { parentTaskRunId: { isNull: false } },
    'idempotencyKey.any': { idempotencyKey: { any: [run.idempotency_key] } },
    'idempotencyKey.notAny': { idempotencyKey: { notAny: [run.idempotency_key] } },
    'createdBy.id': { createdBy: { id: [run.created_by_id] } },
    'createdBy.id (absent)': { createdBy: { id: [absent] } },
    'createdBy.type': { createdBy: { type: ['USER'] } },
    'createdBy.isNull': { createdBy: { isNull: true } },
    'tags.any + state.type + startTime.after': {
      tags: { any: ['etl', 'backfill'] },
      state: { type: { any: ['FAILED', 'CRASHED'] } },
      startTime: { after: '2026-02-15T00:00:00.000000Z' },
    },
  };
}

/** Every filter condition alone, newest runs first: how long a page takes, and by which index. */
export const filters: Benchmark = async (workshop, print) => {
  const kind = process.env.DATABASE_URL?.startsWith('file:') ? 'embedded' : 'server';
  const { store, url, runs } = await workshop.fixture(kind, Number(process.env.BENCH_RUNS ?? 100_000));
  const logger = new LastStatement();
  const database = await openDatabase({ url, logger });
  const measure = async (name: string, work: () => Promise<number>): Promise<void> => {
    let found = await work();
    const times: number[] = [];
    for (let number = 0; number < repetitions; number++)
      times.push(
        await timed(async () => {
          found = await work();
        }),
      );
    const plan = { ...logger } as LastStatement;
    print({
      database: database.kind,
      runs,
      filter: name,
      found,
      'p50 ms': percentile(times, 0.5),
      'worst ms': Math.max(...times),
      plan: await explain(database, plan),
    });
  };
  try {
    for (const [name, asked] of Object.entries(await everyCondition(store))) {
      const filter = compileFlowRunFilter({ operator: 'AND', ...(asked as object) }, database.dialect);
      const request = { filter, sort: 'ID_DESC', limit: pageLength } as const;
      await measure(name, async () => (await findFlowRunPage(database.reader, request)).length);
      if (name.includes('+') || name === '(none)')
        await measure(`${name}: count`, () => countFlowRuns(database.reader, filter));
    }
  } finally {
    await database.close();
  }
};
