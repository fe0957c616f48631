import type { FlowRunId } from '../../domain/identifiers';
import type { Database } from '../connection/database';
import { type SqlExecutor, select } from '../connection/statements';
import type { CompiledFilter } from '../filter/compile';
import { forNewestFirst } from '../filter/newestFirst';

/** The newest runs that match, newest first; with `after`, from just behind that one on. */
export async function findNewestMatching(
  { writer }: Database,
  connection: SqlExecutor,
  filter: CompiledFilter | null,
  limit: number,
  after: FlowRunId | null = null,
): Promise<FlowRunId[]> {
  const condition = await forNewestFirst(writer, connection, filter);
  const conditions = [condition?.sql, after === null ? undefined : 'run.id < :after'].filter(Boolean);
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.map(sql => `(${sql})`).join(' AND ')}`;
  const rows = await select(
    writer,
    connection,
    `SELECT run.id AS id FROM flow_run run${where} ORDER BY run.id DESC LIMIT :limit`,
    { ...condition?.parameters, after, limit },
  );
  return rows.map(({ id }) => id as FlowRunId);
}

/** Which of these runs match now. */
export async function findMatchingAmong(
  { writer, dialect }: Database,
  connection: SqlExecutor,
  ids: readonly FlowRunId[],
  filter: CompiledFilter | null,
): Promise<Set<FlowRunId>> {
  if (filter === null || ids.length === 0) return new Set(ids);
  const { sql, value } = dialect.inList('ids', ids);
  const rows = await select(
    writer,
    connection,
    `SELECT run.id AS id FROM flow_run run WHERE run.id ${sql} AND (${filter.sql})`,
    {
      ...filter.parameters,
      ids: value,
    },
  );
  return new Set(rows.map(({ id }) => id as FlowRunId));
}
