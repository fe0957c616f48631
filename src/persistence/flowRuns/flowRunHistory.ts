import type { EntityManager } from 'typeorm';
import { type Instant, microsecondsBetween } from '../../domain/instant';
import type { StateType } from '../../domain/state';
import { dialectOf, kindOf } from '../connection/dialect';
import { instantToDatabase, type Raw } from '../entities/columns';
import { FlowRunEntity } from '../entities/flowRun';
import { applyFlowRunFilter, type FlowRunCondition } from '../filter/applyFlowRunFilter';

/** A time span, from the first instant (included) to the last (excluded), and the number of its parts. */
export interface Span {
  from: Instant;
  to: Instant;
  buckets: number;
}

/** The runs of one state type in one part of a span. */
interface BucketCount {
  bucket: number;
  stateType: StateType | null;
  count: number;
}

/** Counts the runs that match and start in a span, by its parts and by state type, both ascending. */
export async function countByBucket(
  manager: EntityManager,
  filter: FlowRunCondition,
  { from, to, buckets }: Span,
): Promise<BucketCount[]> {
  const dialect = dialectOf(kindOf(manager.dataSource));
  const since = dialect.microsecondsSince(instantToDatabase(from), 'run.effective_start_time');
  // Whole numbers all the way, so that no run falls into a neighbouring bucket.
  const bucket = dialect.divided(`${since} * ${buckets}`, `${microsecondsBetween(from, to)}`);
  const query = manager
    .createQueryBuilder(FlowRunEntity, 'run')
    .select(bucket, 'bucket')
    .addSelect('run.state_type', 'state_type')
    .addSelect('COUNT(*)', 'count')
    .where('run.effectiveStartTime >= :from AND run.effectiveStartTime < :to', {
      from: instantToDatabase(from),
      to: instantToDatabase(to),
    })
    .groupBy('bucket')
    .addGroupBy('run.state_type')
    .orderBy('bucket')
    .addOrderBy('run.state_type');
  const rows = await applyFlowRunFilter(query, filter).getRawMany<{
    bucket: Raw;
    state_type: StateType | null;
    count: Raw;
  }>();
  return rows.map(row => ({
    bucket: Number(row.bucket),
    stateType: row.state_type,
    count: Number(row.count),
  }));
}
