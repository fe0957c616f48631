import type { Database } from '../connection/database';
import { placeholders } from '../connection/dialect';
import type { SqlExecutor } from '../connection/statements';
import type { RawRow } from '../entities/columns';

type Table = 'flow_run' | 'flow_run_state' | 'task_run' | 'deployment' | 'concurrency_lease';

/**
 * Locks those of these rows that are free, until the transaction ends.
 *
 * @returns the ids of the rows that another transaction holds; ids without a row are not among them.
 */
export async function lockFreeRows<Id extends string>(
  { dialect }: Database,
  connection: SqlExecutor,
  table: Table,
  ids: readonly Id[],
): Promise<Set<Id>> {
  if (ids.length === 0) return new Set();
  const select = `SELECT id FROM ${table}${dialect.byPrimaryKey} WHERE id IN (${placeholders(ids)}) ORDER BY id`;
  const free: RawRow[] = await connection.query(`${select}${dialect.lockClause('skipLocked')}`, [...ids]);
  if (free.length === ids.length) return new Set();
  const existing: RawRow[] = await connection.query(select, [...ids]);
  const locked = new Set(free.map(({ id }) => id));
  return new Set(existing.map(({ id }) => id as Id).filter(id => !locked.has(id)));
}
