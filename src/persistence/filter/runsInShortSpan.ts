import type { DataSource, SelectQueryBuilder } from 'typeorm';
import type { FlowRunFilter } from '../../domain/flowRunFilter';
import type { Instant } from '../../domain/instant';
import { type SqlExecutor, selectRows } from '../connection/statements';
import { instantToDatabase } from '../entities/columns';
import { FlowRunEntity, type FlowRunRow } from '../entities/flowRun';
import { type FlowRunCondition, filtersIn } from './applyFlowRunFilter';

/** This many are read from an index in about 20 ms. */
const maxRunsToSort = 20_000;
/** The columns of the conditions on times, each of which has an index. */
const columns = {
  startTime: 'dated.effectiveStartTime',
  endTime: 'dated.endTime',
  expectedStartTime: 'dated.expectedStartTime',
  nextScheduledStartTime: 'dated.nextScheduledStartTime',
} as const;
const groups = Object.keys(columns) as (keyof typeof columns)[];

interface TimeSpan {
  readonly column: string;
  readonly before: Instant;
  readonly after: Instant | null;
}

/** The first span with an end in which all matching runs are. */
function spanIn(filters: readonly FlowRunFilter[]): TimeSpan | null {
  for (const filter of filters.filter(({ operator }) => operator !== 'OR'))
    for (const group of groups) {
      const { before, after } = filter[group] ?? {};
      if (before) return { column: columns[group], before, after: after ?? null };
    }
  return null;
}

function runsIn(dataSource: DataSource, { column, before, after }: TimeSpan): SelectQueryBuilder<FlowRunRow> {
  const query = dataSource
    .createQueryBuilder(FlowRunEntity, 'dated')
    .select('dated.id', 'id')
    .where(`${column} <= :spanEnd`, { spanEnd: instantToDatabase(before) });
  return after === null
    ? query
    : query.andWhere(`${column} >= :spanStart`, { spanStart: instantToDatabase(after) });
}

/**
 * The ids of the runs in a time span that a filter ends, if they are few; null where they are many, or there is no such span.
 * Databases expect matches everywhere and read from the newest run on: for the runs of an hour long past, they would read all
 * that came since.
 */
export async function runsInShortSpan(
  dataSource: DataSource,
  connection: SqlExecutor,
  filter: FlowRunCondition,
  maxRuns = maxRunsToSort,
): Promise<SelectQueryBuilder<FlowRunRow> | null> {
  const span = spanIn(filtersIn(filter));
  if (span === null) return null;
  const some = runsIn(dataSource, span).limit(maxRuns);
  const query = dataSource
    .createQueryBuilder()
    .select('COUNT(*)', 'count')
    .from(`(${some.getQuery()})`, 'some')
    .setParameters(some.getParameters());
  const [row] = await selectRows(connection, query);
  if (Number(row?.count ?? 0) >= maxRuns) return null;
  // Others may come into the span meanwhile. Without any limit, a server would merge the query with that of the page.
  return runsIn(dataSource, span).limit(2 * maxRuns);
}
