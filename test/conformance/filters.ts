import type { EntitySchema } from 'typeorm';
import { type CreatedBy, type FlowRun, noStateColumns } from '../../src/domain/flowRun';
import type { DeploymentId, FlowId, FlowRunId, TaskRunId } from '../../src/domain/identifiers';
import { type Instant, parseInstant } from '../../src/domain/instant';
import type { Json } from '../../src/domain/json';
import type { StateType } from '../../src/domain/state';
import { insertRows } from '../../src/persistence/connection/hotInsertRows';
import { DeploymentEntity, FlowEntity, LeaseEntity } from '../../src/persistence/entities/deployment';
import { ExtrasEntity } from '../../src/persistence/entities/extras';
import { FlowRunEntity, FlowRunTagEntity, flowRunRowOf } from '../../src/persistence/entities/flowRun';
import { FlowRunStateEntity, TaskRunStateEntity } from '../../src/persistence/entities/state';
import { TaskRunEntity } from '../../src/persistence/entities/taskRun';
import type { Services } from '../../src/transitions/services';
import { ask } from './ask';
import { toGraphQL, type Wire } from './wire';

/** A set of runs, and which of them each filter finds, as recorded. */
export interface FilterRecording {
  dataset: { flows: Wire[]; deployments: Wire[]; task_runs: Wire[]; flow_runs: Wire[] };
  queries: { id: string; filter: Wire | null; limit?: number; expected: number[] }[];
  sorts: Record<string, (number | number[])[]>;
}

const instantOf = (value: Json | undefined): Instant | null =>
  typeof value === 'string' ? parseInstant(value) : null;

function creatorOf(wire: Json | undefined): CreatedBy | null {
  if (typeof wire !== 'object' || wire === null || Array.isArray(wire)) return null;
  const {
    id = null,
    type = null,
    display_value: displayValue = null,
  } = wire as Record<string, string | null>;
  return { id, type, displayValue };
}

const flowRunOf = (wire: Wire, now: Instant): FlowRun => ({
  ...noStateColumns,
  id: wire.id as FlowRunId,
  name: wire.name as string,
  flowId: wire.flow_id as FlowId,
  deploymentId: (wire.deployment_id ?? null) as DeploymentId | null,
  workQueueName: (wire.work_queue_name ?? null) as string | null,
  flowVersion: (wire.flow_version ?? null) as string | null,
  tags: (wire.tags ?? []) as string[],
  parameters: {},
  idempotencyKey: (wire.idempotency_key ?? null) as string | null,
  parentTaskRunId: (wire.parent_task_run_id ?? null) as TaskRunId | null,
  createdBy: creatorOf(wire.created_by),
  infrastructurePid: null,
  policy: { retries: null, retryDelay: null, pauseKeys: [], resuming: false, retryType: null },
  stateType: (wire.state_type ?? null) as StateType | null,
  stateName: (wire.state_name ?? null) as string | null,
  startTime: instantOf(wire.start_time),
  endTime: instantOf(wire.end_time),
  expectedStartTime: instantOf(wire.expected_start_time),
  nextScheduledStartTime: instantOf(wire.next_scheduled_start_time),
  created: now,
  updated: now,
});

/** Runs and what they belong to, in an order in which their tables can be emptied. */
export const runEntities: readonly EntitySchema[] = [
  FlowRunStateEntity,
  FlowRunTagEntity,
  FlowRunEntity,
  TaskRunStateEntity,
  TaskRunEntity,
  LeaseEntity,
  DeploymentEntity,
  FlowEntity,
  ExtrasEntity,
];

/** Puts the runs of a recording into a database, alone: what was there before is deleted. */
export async function putInDataset(
  { database, clock }: Services,
  { dataset }: FilterRecording,
): Promise<void> {
  const now = clock();
  const dated = { created: now, updated: now };
  const runs = dataset.flow_runs.map(wire => flowRunOf(wire, now));
  await database.transaction(async runner => {
    for (const entity of runEntities) await runner.getRepository(entity).deleteAll();
    await insertRows(
      runner,
      FlowEntity,
      dataset.flows.map(wire => ({
        id: wire.id as FlowId,
        name: wire.name as string,
        nameLowered: null,
        ...dated,
      })),
    );
    await insertRows(
      runner,
      DeploymentEntity,
      dataset.deployments.map(wire => ({
        id: wire.id as DeploymentId,
        flowId: wire.flow_id as FlowId,
        name: wire.name as string,
        nameLowered: null,
        concurrencyLimit: null,
        collisionStrategy: 'ENQUEUE' as const,
        gracePeriodSeconds: null,
        activeSlots: 0,
        ...dated,
      })),
    );
    await insertRows(
      runner,
      TaskRunEntity,
      dataset.task_runs.map(wire => ({
        ...noStateColumns,
        id: wire.id as TaskRunId,
        name: 'task',
        taskKey: null,
        dynamicKey: null,
        flowRunId: (wire.flow_run_id ?? null) as FlowRunId | null,
        ...dated,
      })),
    );
    await insertRows(runner, FlowRunEntity, runs.map(flowRunRowOf));
    await insertRows(
      runner,
      FlowRunTagEntity,
      runs.flatMap(run => [...new Set(run.tags)].map(tag => ({ flowRunId: run.id, tag }))),
    );
  });
}

/** Whether a database holds rows of any kind: `putInDataset` would delete them all. */
export async function hasRows({ database }: Services): Promise<boolean> {
  for (const entity of runEntities) if (await database.primary.getRepository(entity).exists()) return true;
  return false;
}

const findRuns = `query ($filter: FlowRunFilter, $sort: FlowRunSort!, $first: Int!, $after: String) {
  flowRuns(filter: $filter, sort: $sort, first: $first, after: $after) {
    nodes { id }
    pageInfo { hasNextPage endCursor }
  }
}`;

interface Page {
  flowRuns: { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
}

async function find(services: Services, filter: Wire | null, sort: string, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  while (ids.length < limit) {
    const variables: Record<string, unknown> = {
      filter: filter === null ? null : toGraphQL(filter),
      sort,
      first: Math.min(150, limit - ids.length),
      after,
    };
    const { flowRuns }: Page = await ask<Page>(services, findRuns, variables);
    ids.push(...flowRuns.nodes.map(({ id }) => id));
    if (!flowRuns.pageInfo.hasNextPage) break;
    after = flowRuns.pageInfo.endCursor;
  }
  return ids;
}

const firstDifference = (expected: readonly number[], actual: readonly number[]): string[] => {
  const position = expected.findIndex((index, place) => index !== actual[place]);
  if (position === -1 && expected.length === actual.length) return [];
  const place = position === -1 ? expected.length : position;
  return [
    `[${place}]: expected ${expected[place]}, got ${actual[place]} (${expected.length} and ${actual.length} runs)`,
  ];
};

/** Runs one query of a recording; returns where the outcome differs, or nothing. */
export async function playQuery(
  services: Services,
  { dataset }: FilterRecording,
  { filter, limit, expected }: FilterRecording['queries'][number],
): Promise<string[]> {
  const positions = new Map(dataset.flow_runs.map(({ id }, index) => [id, index]));
  const ids = await find(services, filter, 'ID_DESC', limit ?? Number.POSITIVE_INFINITY);
  return firstDifference(
    expected,
    ids.map(id => positions.get(id) ?? -1),
  );
}

/** Asks for all runs in one order; runs that tie may come in any order. */
export async function playSort(
  services: Services,
  { dataset, sorts }: FilterRecording,
  sort: string,
): Promise<string[]> {
  const positions = new Map(dataset.flow_runs.map(({ id }, index) => [id, index]));
  const actual = (await find(services, null, sort, Number.POSITIVE_INFINITY)).map(
    id => positions.get(id) ?? -1,
  );
  const expected = (sorts[sort] ?? []).flatMap((group, place, groups) => {
    if (typeof group === 'number') return [group];
    const from = groups
      .slice(0, place)
      .reduce((sum: number, one) => sum + (typeof one === 'number' ? 1 : one.length), 0);
    const tied = actual.slice(from, from + group.length);
    return tied.every(index => group.includes(index)) ? tied : group;
  });
  return firstDifference(expected, actual);
}
