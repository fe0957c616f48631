import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import type { DeploymentId, FlowId, FlowRunId, StateId, TaskRunId } from '../../domain/identifiers';
import { type Instant, microsecondsBetween } from '../../domain/instant';
import { type StateType, stateTypes, terminalStateTypes } from '../../domain/state';
import { dialectOf, kindOf } from '../connection/dialect';
import type { SqlExecutor } from '../connection/statements';
import { instantFromDatabase, instantToDatabase, type Raw } from '../entities/columns';
import { DeploymentEntity, FlowEntity } from '../entities/deployment';
import { FlowRunEntity, type FlowRunRow } from '../entities/flowRun';
import { MirroredFlowRunEntity } from '../entities/mirror';
import { TaskRunEntity } from '../entities/taskRun';

/** The types of states in which a run can still move by itself. */
export const unfinishedStateTypes = stateTypes.filter(
  type => !(terminalStateTypes as readonly StateType[]).includes(type),
);

/** One page of the ids of runs. */
export interface PageOfIds {
  limit: number;
  /** Only runs with a greater id; null for all. */
  after: FlowRunId | null;
}

/** The ids of one page of a query's runs, in ascending order. */
async function idsOf<Row extends object>(
  query: SelectQueryBuilder<Row>,
  column: string,
  { limit, after }: PageOfIds,
): Promise<FlowRunId[]> {
  if (after !== null) query.andWhere(`${column} > :after`, { after });
  const rows = await query.select(column, 'id').orderBy(column).limit(limit).getRawMany<{ id: FlowRunId }>();
  return rows.map(({ id }) => id);
}

const notReadSince = (connection: SqlExecutor, since: Instant): SelectQueryBuilder<FlowRunRow> =>
  connection
    .getRepository(FlowRunEntity)
    .createQueryBuilder('run')
    .innerJoin('mirrored_flow_run', 'mark', 'mark.flowRunId = run.id')
    .where('mark.readAt < :since', { since: instantToDatabase(since) });

/** Runs that a walk did not meet and that were not read since it began: they may be gone. */
export const findNotMetSince = (
  connection: SqlExecutor,
  { walk, started }: { walk: number; started: Instant },
  page: PageOfIds,
): Promise<FlowRunId[]> =>
  idsOf(
    connection
      .getRepository(MirroredFlowRunEntity)
      .createQueryBuilder('mark')
      .where('mark.walk >= 0 AND mark.walk < :walk', { walk })
      .andWhere('mark.readAt < :started', { started: instantToDatabase(started) }),
    'mark.flowRunId',
    page,
  );

/** Runs that have not ended and that were not read since a time: they may have ended, or be gone. */
export const findUnfinishedNotReadSince = (
  connection: SqlExecutor,
  since: Instant,
  page: PageOfIds,
): Promise<FlowRunId[]> =>
  idsOf(
    notReadSince(connection, since).andWhere('run.stateType IN (:...types)', { types: unfinishedStateTypes }),
    'run.id',
    page,
  );

/** Runs whose expected start time lies in a span and that were not read since a time. */
export const findInSpanNotReadSince = (
  connection: SqlExecutor,
  span: { from: Instant; to: Instant },
  since: Instant,
  page: PageOfIds,
): Promise<FlowRunId[]> =>
  idsOf(
    notReadSince(connection, since).andWhere(
      'run.expectedStartTime >= :from AND run.expectedStartTime < :to',
      { from: instantToDatabase(span.from), to: instantToDatabase(span.to) },
    ),
    'run.id',
    page,
  );

/** The state that the copy of a run is in, and the time of that state; both null where it has none. */
interface CopiedState {
  id: FlowRunId;
  stateId: StateId | null;
  stateTimestamp: Instant | null;
  updated: Instant;
}

/** The states that the copies of runs are in; runs without a copy are left out. */
export async function findCopiedStates(
  connection: SqlExecutor,
  ids: readonly FlowRunId[],
): Promise<Map<FlowRunId, CopiedState>> {
  if (ids.length === 0) return new Map();
  const rows = await connection
    .getRepository(FlowRunEntity)
    .createQueryBuilder('run')
    .select(['run.id', 'run.stateId', 'run.stateTimestamp', 'run.updated'])
    .where('run.id IN (:...ids)', { ids })
    .getMany();
  return new Map(
    rows.map(({ id, stateId, stateTimestamp, updated }) => [id, { id, stateId, stateTimestamp, updated }]),
  );
}

const tables = { flow: FlowEntity, deployment: DeploymentEntity, taskRun: TaskRunEntity };

/** Those of these ids that have no row. */
export async function findUnknown<Id extends FlowId | DeploymentId | TaskRunId>(
  connection: SqlExecutor,
  noun: keyof typeof tables,
  ids: readonly Id[],
): Promise<Id[]> {
  if (ids.length === 0) return [];
  const found = await connection
    .getRepository<object>(tables[noun])
    .createQueryBuilder('found')
    .select('found.id', 'id')
    .where('found.id IN (:...ids)', { ids })
    .getRawMany<{ id: Id }>();
  const known = new Set(found.map(({ id }) => id));
  return ids.filter(id => !known.has(id));
}

/** How many copies of runs there are of each state type. */
export async function countByStateType(manager: EntityManager): Promise<Map<StateType, number>> {
  const rows = await manager
    .createQueryBuilder(FlowRunEntity, 'run')
    .select('run.state_type', 'type')
    .addSelect('COUNT(*)', 'count')
    .where('run.state_type IS NOT NULL')
    .groupBy('run.state_type')
    .getRawMany<{ type: StateType; count: Raw }>();
  return new Map(rows.map(({ type, count }) => [type, Number(count)]));
}

/** A span of expected start times in equal parts. */
export interface StartSpan {
  from: Instant;
  to: Instant;
  parts: number;
}

const startsIn = (manager: EntityManager, { from, to }: StartSpan): SelectQueryBuilder<object> =>
  manager
    .createQueryBuilder(FlowRunEntity, 'run')
    .where('run.expectedStartTime >= :from AND run.expectedStartTime < :to', {
      from: instantToDatabase(from),
      to: instantToDatabase(to),
    });

/** Counts copies of runs by the part of a span in which they are expected to start, and by the name of their state. */
export async function countByStart(
  manager: EntityManager,
  span: StartSpan,
): Promise<{ part: number; name: string; count: number }[]> {
  const dialect = dialectOf(kindOf(manager.dataSource));
  const since = dialect.microsecondsSince(instantToDatabase(span.from), 'run.expected_start_time');
  const part = dialect.divided(`${since} * ${span.parts}`, `${microsecondsBetween(span.from, span.to)}`);
  const rows = await startsIn(manager, span)
    .select(part, 'part')
    .addSelect('run.state_name', 'name')
    .addSelect('COUNT(*)', 'count')
    .andWhere('run.state_name IS NOT NULL')
    .groupBy('part')
    .addGroupBy('run.state_name')
    .getRawMany<{ part: Raw; name: string; count: Raw }>();
  return rows.map(({ part: number, name, count }) => ({ part: Number(number), name, count: Number(count) }));
}

/** The first and the last expected start time of all copies; null where there are none. */
export async function findStartRange(
  connection: SqlExecutor,
): Promise<{ first: Instant; last: Instant } | null> {
  const row = await connection
    .getRepository(FlowRunEntity)
    .createQueryBuilder('run')
    .select('MIN(run.expected_start_time)', 'first')
    .addSelect('MAX(run.expected_start_time)', 'last')
    .getRawOne<{ first: string | null; last: string | null }>();
  if (!row?.first || !row.last) return null;
  return { first: instantFromDatabase(row.first), last: instantFromDatabase(row.last) };
}
