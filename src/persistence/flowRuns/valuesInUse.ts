import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { dialectOf, kindOf } from '../connection/dialect';
import type { Raw } from '../entities/columns';
import { FlowRunEntity, FlowRunTagEntity } from '../entities/flowRun';
import { lowered } from '../entities/lowered';
import { applyFlowRunFilter, type FlowRunCondition } from '../filter/applyFlowRunFilter';
import { tagLookupForNewest } from '../filter/newestByTags';
import { withOwnerIds } from '../filter/withOwnerIds';

/** A value, and how many runs have it. */
export interface ValueCount {
  value: string;
  count: number;
}

async function readCounts(query: SelectQueryBuilder<ObjectLiteral>): Promise<ValueCount[]> {
  const rows = await query
    .addSelect('COUNT(*)', 'count')
    .groupBy('value')
    .orderBy('count', 'DESC')
    .addOrderBy('value')
    .getRawMany<{ value: string; count: Raw }>();
  return rows.map(({ value, count }) => ({ value, count: Number(count) }));
}

/** How many values are read at most where some of them must be compared here. */
const maxCandidates = 10_000;

/**
 * The values of a column that contain a text in whatever case, most used first. Databases lower what is not ASCII each in its
 * own way, so they choose among the ASCII values alone, and the others are compared here.
 */
async function countValues(
  manager: EntityManager,
  query: SelectQueryBuilder<ObjectLiteral>,
  column: string,
  like: string,
  limit: number,
): Promise<ValueCount[]> {
  query.select(column, 'value');
  if (like === '') return readCounts(query.limit(limit));
  const { isBeyondAscii } = dialectOf(kindOf(manager.dataSource));
  const part = lowered(like);
  query
    .andWhere(`(INSTR(LOWER(${column}), :part) > 0 OR ${isBeyondAscii(column)})`, { part })
    .limit(maxCandidates);
  const candidates = await readCounts(query);
  return candidates.filter(({ value }) => lowered(value).includes(part)).slice(0, limit);
}

/** Tags that contain a text, most used first. */
export const countTags = (manager: EntityManager, like: string, limit: number): Promise<ValueCount[]> =>
  countValues(manager, manager.createQueryBuilder(FlowRunTagEntity, 'tagged'), 'tagged.tag', like, limit);

/** Names of work queues that contain a text, most used first. */
export const countWorkQueueNames = (
  manager: EntityManager,
  like: string,
  limit: number,
): Promise<ValueCount[]> => {
  const query = manager.createQueryBuilder(FlowRunEntity, 'run').where('run.workQueueName IS NOT NULL');
  return countValues(manager, query, 'run.work_queue_name', like, limit);
};

/** How many of the newest runs are searched for their messages. */
const maxMessages = 10_000;

/** How many characters of a message are compared and returned. */
const maxMessageLength = 1000;

/** The messages of the states that the newest matching runs are in, most frequent first. */
export async function countStateMessages(
  manager: EntityManager,
  filter: FlowRunCondition,
  limit: number,
): Promise<ValueCount[]> {
  const newest = manager
    .createQueryBuilder(FlowRunEntity, 'run')
    .select('run.state_id', 'state_id')
    .orderBy('run.id', 'DESC')
    .limit(maxMessages);
  const resolved = await withOwnerIds(manager.dataSource, manager, filter);
  const tagLookup = await tagLookupForNewest(manager.dataSource, manager, resolved);
  applyFlowRunFilter(newest, resolved, { tagLookup });
  const query = manager
    .createQueryBuilder()
    .select(`SUBSTR(state.message, 1, ${maxMessageLength})`, 'value')
    .from(`(${newest.getQuery()})`, 'newest')
    .innerJoin('flow_run_state', 'state', 'state.id = newest.state_id')
    .where('state.message IS NOT NULL')
    .setParameters(newest.getParameters())
    .limit(limit);
  return readCounts(query);
}
