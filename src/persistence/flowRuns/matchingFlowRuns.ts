import type { DataSource, SelectQueryBuilder } from 'typeorm';
import type { FlowRunId } from '../../domain/identifiers';
import type { Database } from '../connection/database';
import { type SqlExecutor, selectRows } from '../connection/statements';
import { FlowRunEntity, type FlowRunRow } from '../entities/flowRun';
import { applyFlowRunFilter, type FlowRunCondition } from '../filter/applyFlowRunFilter';
import { tagLookupForNewest } from '../filter/newestByTags';
import { withOwnerIds } from '../filter/withOwnerIds';

const selectIds = (dataSource: DataSource): SelectQueryBuilder<FlowRunRow> =>
  dataSource.createQueryBuilder(FlowRunEntity, 'run').select('run.id', 'id');

async function readIds(connection: SqlExecutor, query: SelectQueryBuilder<FlowRunRow>): Promise<FlowRunId[]> {
  const rows = await selectRows(connection, query);
  return rows.map(({ id }) => id as FlowRunId);
}

/** The newest runs that match, newest first; with `after`, from just behind that one on. */
export async function findNewestMatching(
  { writer }: Database,
  connection: SqlExecutor,
  filter: FlowRunCondition,
  limit: number,
  after: FlowRunId | null = null,
): Promise<FlowRunId[]> {
  const query = selectIds(writer).orderBy('run.id', 'DESC').limit(limit);
  const resolved = await withOwnerIds(writer, connection, filter);
  applyFlowRunFilter(query, resolved, { tagLookup: await tagLookupForNewest(writer, connection, resolved) });
  if (after !== null) query.andWhere('run.id < :after', { after });
  return readIds(connection, query);
}

/** The oldest runs that match and are younger than one, oldest first. */
export function findOldestMatching(
  { primary }: Database,
  filter: FlowRunCondition,
  after: FlowRunId | null,
  limit: number,
): Promise<FlowRunId[]> {
  const query = selectIds(primary)
    .where('run.id > :after', { after: after ?? '' })
    .orderBy('run.id')
    .limit(limit);
  return readIds(primary, applyFlowRunFilter(query, filter));
}

/** Which of these runs match now. */
export async function findMatchingAmong(
  { writer, dialect }: Database,
  connection: SqlExecutor,
  ids: readonly FlowRunId[],
  filter: FlowRunCondition,
): Promise<Set<FlowRunId>> {
  if (filter === null || ids.length === 0) return new Set(ids);
  const { sql, value } = dialect.inList('ids', ids);
  const query = selectIds(writer).where(`run.id ${sql}`, { ids: value });
  return new Set(await readIds(connection, applyFlowRunFilter(query, filter)));
}
