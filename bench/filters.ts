import type { EntityManager, Logger } from 'typeorm';
import type { FlowRunOwner } from '../src/domain/flowRun';
import type { FlowRunFilter } from '../src/domain/flowRunFilter';
import type { FlowRunId } from '../src/domain/identifiers';
import { parseInstant } from '../src/domain/instant';
import type { Database } from '../src/persistence/connection/database';
import { openDatabase } from '../src/persistence/connection/database';
import type { DatabaseKind } from '../src/persistence/connection/dialect';
import { findDeploymentsByName } from '../src/persistence/flowRuns/deployments';
import { countByBucket } from '../src/persistence/flowRuns/flowRunHistory';
import { countFlowRuns, findFlowRunPage } from '../src/persistence/flowRuns/flowRunPages';
import { findFlowsByName } from '../src/persistence/flowRuns/flows';
import { findNewestMatching } from '../src/persistence/flowRuns/matchingFlowRuns';
import { countOwnedFlowRuns, findOwnedFlowRunPages } from '../src/persistence/flowRuns/ownedFlowRunPages';
import { countStateMessages, countTags, countWorkQueueNames } from '../src/persistence/flowRuns/valuesInUse';
import { kindAsked } from './support/fixture';
import type { Benchmark, ReportRow } from './support/report';
import { percentile, timed } from './support/statistics';
import type { Store } from './support/store';

const repetitions = 5;
/** A read that takes seconds is not repeated. */
const maxMillisecondsOfRepetition = 5000;
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

type Ask = (sql: string, parameters: unknown[]) => Promise<Record<string, unknown>[]>;

async function explain(kind: DatabaseKind, ask: Ask, { sql, parameters }: LastStatement): Promise<string> {
  const isEmbedded = kind === 'embedded';
  const rows = await ask(`${explanations[kind]} ${sql}`, parameters);
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
  const [owner = {}] = await store.all(
    'SELECT flow.name AS flow_name, deployment.name AS deployment_name FROM flow_run run ' +
      `JOIN flow ON flow.id = run.flow_id JOIN deployment ON deployment.id = run.deployment_id WHERE run.id = '${String(run.id)}'`,
  );
  const early = '2026-01-02T00:00:00.000000Z';
  const earlier = '2026-01-01T12:00:00.000000Z';
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
    'tags.any (two, common)': { tags: { any: ['nightly', 'etl'] } },
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
    'state.message.like (common)': { state: { message: { like: 'E' } } },
    'state.message.like (absent)': { state: { message: { like: 'nowhere-to-be-found' } } },
    'state.type + state.message.like (absent)': {
      state: { type: { any: ['FAILED'] }, message: { like: 'nowhere-to-be-found' } },
    },
    'state.timestamp.after (few)': { state: { timestamp: { after: late } } },
    'flow.id.any': { flow: { id: { any: [run.flow_id] } } },
    'flow.name.any': { flow: { name: { any: [owner.flow_name] } } },
    'flow.name.like (all)': { flow: { name: { like: 'FLOW' } } },
    'flow.name.like (absent)': { flow: { name: { like: 'nowhere-to-be-found' } } },
    'deployment.id.any': { deployment: { id: { any: [run.deployment_id] } } },
    'deployment.name.any': { deployment: { name: { any: [owner.deployment_name] } } },
    'deployment.name.like (absent)': { deployment: { name: { like: 'nowhere-to-be-found' } } },
    'deployment.flow.name.any': { deployment: { flow: { name: { any: [owner.flow_name] } } } },
    'flow.name.any + state.type': {
      flow: { name: { any: [owner.flow_name] } },
      state: { type: { any: ['FAILED'] } },
    },
    'flowVersion.any': { flowVersion: { any: ['v3'] } },
    'startTime.before (few)': { startTime: { before: early } },
    'startTime between (few, old)': { startTime: { after: earlier, before: early } },
    'startTime.before (few) + state.type': {
      startTime: { before: early },
      state: { type: { any: ['RUNNING'] } },
    },
    'startTime.before (many)': { startTime: { before: late } },
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

const tagged = "(SELECT flow_run_id FROM flow_run_tag WHERE tag IN ('etl', 'backfill'))";
const unlucky =
  "run.state_type IN ('FAILED', 'CRASHED') AND run.effective_start_time >= '2026-02-15 00:00:00.000000'";
const newest = 'ORDER BY run.id DESC LIMIT 50';
const page = (ids: string): string =>
  `SELECT run.* FROM (${ids}) page JOIN flow_run run ON run.id = page.id ORDER BY run.id DESC`;
const withTag = `EXISTS (SELECT 1 FROM flow_run_tag tag WHERE tag.flow_run_id = run.id AND tag.tag IN ('etl', 'backfill'))`;
const firstMatch = tagged.replace('SELECT', 'SELECT /*+ SEMIJOIN(FIRSTMATCH) */');
const distinctlyTagged = tagged.replace('SELECT', 'SELECT DISTINCT');

/** The page and the count by tags, state type and start time, by hand in every way that could be the fastest. */
const byHand: Record<'page' | 'count', Record<string, string>> = {
  page: {
    'all in one': `SELECT run.* FROM flow_run run WHERE ${unlucky} AND run.id IN ${tagged} ${newest}`,
    'ids first': page(`SELECT run.id FROM flow_run run WHERE ${unlucky} AND run.id IN ${tagged} ${newest}`),
    'ids first, EXISTS': page(`SELECT run.id FROM flow_run run WHERE ${unlucky} AND ${withTag} ${newest}`),
    // The hint is MySQL's; to the others it is a comment.
    'ids first, each run asked for its tags': page(
      `SELECT run.id FROM flow_run run WHERE ${unlucky} AND run.id IN ${firstMatch} ${newest}`,
    ),
    'ids first, tags first': page(
      `SELECT run.id FROM ${distinctlyTagged} tag JOIN flow_run run ON run.id = tag.flow_run_id WHERE ${unlucky} ${newest}`,
    ),
  },
  count: {
    IN: `SELECT COUNT(*) FROM flow_run run WHERE ${unlucky} AND run.id IN ${tagged}`,
    EXISTS: `SELECT COUNT(*) FROM flow_run run WHERE ${unlucky} AND ${withTag}`,
    'tags first': `SELECT COUNT(*) FROM ${distinctlyTagged} tag JOIN flow_run run ON run.id = tag.flow_run_id WHERE ${unlucky}`,
    'a join': `SELECT COUNT(DISTINCT run.id) FROM flow_run run JOIN flow_run_tag tag ON tag.flow_run_id = run.id WHERE ${unlucky} AND tag.tag IN ('etl', 'backfill')`,
  },
};

/** The reads beside lists of runs that may scan all of them. */
const overviews = (manager: EntityManager): Record<string, () => Promise<readonly unknown[]>> => {
  const year = { from: parseInstant('2026-01-01T00:00:00Z'), to: parseInstant('2027-01-01T00:00:00Z') };
  const day = { from: parseInstant('2026-02-15T00:00:00Z'), to: parseInstant('2026-02-16T00:00:00Z') };
  const failed: FlowRunFilter = { state: { type: { any: ['FAILED'] } } };
  return {
    'flows (50)': () => findFlowsByName(manager, null, pageLength, null),
    'deployments (50)': () => findDeploymentsByName(manager, null, pageLength, null),
    tags: () => countTags(manager, '', pageLength),
    'tags (like)': () => countTags(manager, 'E', pageLength),
    workQueueNames: () => countWorkQueueNames(manager, '', pageLength),
    'workQueueNames (like)': () => countWorkQueueNames(manager, 'G', pageLength),
    'flowRunHistory (all runs)': () => countByBucket(manager, null, { ...year, buckets: 60 }),
    'flowRunHistory (a day)': () => countByBucket(manager, null, { ...day, buckets: 60 }),
    'flowRunHistory (failed)': () => countByBucket(manager, failed, { ...year, buckets: 60 }),
    stateMessages: () => countStateMessages(manager, null, pageLength),
    'stateMessages (failed)': () => countStateMessages(manager, failed, pageLength),
  };
};

const runsOfOwner = 10;

type Read = () => Promise<readonly unknown[]>;

/** The lists of runs inside of other objects, all of one kind in one statement. */
async function ownedLists(manager: EntityManager, store: Store): Promise<Record<string, Read>> {
  const ownersIn = async (kind: FlowRunOwner['kind'], select: string): Promise<FlowRunOwner[]> =>
    (await store.all(select)).map(({ id }) => ({ kind, id: String(id) }) as FlowRunOwner);
  const owners = {
    '20 flows': await ownersIn('flow', 'SELECT id FROM flow ORDER BY id LIMIT 20'),
    '40 deployments': await ownersIn('deployment', 'SELECT id FROM deployment ORDER BY id LIMIT 40'),
    '50 runs (subflows)': await ownersIn(
      'parent',
      'SELECT flow_run_id AS id FROM task_run ORDER BY id LIMIT 50',
    ),
  };
  const failed: FlowRunFilter = { state: { type: { any: ['FAILED'] } } };
  return Object.fromEntries(
    Object.entries(owners).flatMap(([name, all]): [string, Read][] => {
      const requests = (filter: FlowRunFilter | null) => all.map(owner => ({ owner, filter }));
      const pages = (filter: FlowRunFilter | null) =>
        requests(filter).map(request => ({ ...request, sort: 'ID_DESC' as const, limit: runsOfOwner }));
      const find = (filter: FlowRunFilter | null) =>
        findOwnedFlowRunPages(manager, pages(filter), () => undefined);
      return [
        [`runs of ${name}`, async () => (await find(null)).flat()],
        [`runs of ${name} (failed)`, async () => (await find(failed)).flat()],
        [`runs of ${name}: count`, () => countOwnedFlowRuns(manager, requests(null))],
      ];
    }),
  );
}

const selectedAtOnce = 1000;

/** Selects every running run page by page, as a bulk operation does: whether late pages cost more than early ones. */
async function measureSelection(
  database: Database,
  runs: number,
  print: (row: ReportRow) => void,
): Promise<void> {
  const filter: FlowRunFilter = { state: { type: { any: ['RUNNING'] } } };
  const times: number[] = [];
  let found = 0;
  let after: FlowRunId | null = null;
  for (;;) {
    let ids: FlowRunId[] = [];
    times.push(
      await timed(async () => {
        ids = await findNewestMatching(database, database.writer, filter, selectedAtOnce, after);
      }),
    );
    found += ids.length;
    after = ids[ids.length - 1] ?? after;
    if (ids.length < selectedAtOnce) break;
  }
  print({
    database: database.kind,
    runs,
    filter: `selection by state.type, ${selectedAtOnce} at a time`,
    found,
    'p50 ms': percentile(times, 0.5),
    'worst ms': Math.max(...times),
    plan: `last page ${(times[times.length - 1] ?? 0).toFixed(2)} ms, all pages ${times.reduce((sum, time) => sum + time, 0).toFixed(0)} ms`,
  });
}

/** Every filter condition alone, newest runs first: how long a page takes, and by which index. */
export const filters: Benchmark = async (workshop, print) => {
  const { store, url, runs } = await workshop.fixture(kindAsked(), Number(process.env.BENCH_RUNS ?? 100_000));
  const logger = new LastStatement();
  const database = await openDatabase({ url, logger });
  const askReader: Ask = (sql, parameters) => database.reader.query(sql, parameters);
  const only = new RegExp(process.env.BENCH_INPUTS ?? '');
  const measure = async (name: string, work: () => Promise<number>, ask = askReader): Promise<void> => {
    if (!only.test(name)) return;
    let found = await work();
    const times: number[] = [];
    const end = performance.now() + maxMillisecondsOfRepetition;
    while (times.length === 0 || (times.length < repetitions && performance.now() < end))
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
      plan: await explain(database.kind, ask, plan),
    });
  };
  try {
    for (const [name, asked] of Object.entries(await everyCondition(store))) {
      const filter: FlowRunFilter = { operator: 'AND', ...(asked as object) };
      const request = { filter, sort: 'ID_DESC', limit: pageLength } as const;
      await measure(name, async () => (await findFlowRunPage(database.reader.manager, request)).length);
      if (name.includes('+') || /^(\(none\)|flow\.|deployment\.|state\.message)/.test(name))
        await measure(`${name}: count`, () => countFlowRuns(database.reader.manager, filter));
    }
    const reads = {
      ...overviews(database.reader.manager),
      ...(await ownedLists(database.reader.manager, store)),
    };
    for (const [name, read] of Object.entries(reads)) await measure(name, async () => (await read()).length);
    for (const [what, ways] of Object.entries(byHand))
      for (const [way, sql] of Object.entries(ways))
        await measure(
          `by hand, ${what}: ${way}`,
          async () => {
            const rows = await store.all(sql);
            logger.sql = sql;
            logger.parameters = [];
            return rows.length;
          },
          statement => store.all(statement),
        );
    if (only.test('selection')) await measureSelection(database, runs, print);
  } finally {
    await database.close();
  }
};
