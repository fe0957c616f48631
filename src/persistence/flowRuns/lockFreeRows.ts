import type { Database } from '../connection/database';
import type { LockMode } from '../connection/dialect';
import { LockingQuery } from '../connection/lockingQuery';
import { type SqlExecutor, selectRows } from '../connection/statements';
import type { RawRow } from '../entities/columns';

type Table = 'flow_run' | 'flow_run_state' | 'task_run' | 'deployment' | 'concurrency_lease';

/**
 * Locks those of these rows that are free, until the transaction ends.
 *
 * @returns the ids of the rows that another transaction holds; ids without a row are not among them.
 */
export async function lockFreeRows<Id extends string>(
  { writer }: Database,
  connection: SqlExecutor,
  table: Table,
  ids: readonly Id[],
): Promise<Set<Id>> {
  if (ids.length === 0) return new Set();
  const select = (mode: LockMode): Promise<RawRow[]> =>
    selectRows(connection, LockingQuery.ofIds(writer, table, `${table}.id AS id`, ids, mode));
  const free = await select('skipLocked');
  if (free.length === ids.length) return new Set();
  const existing = await select('none');
  const locked = new Set(free.map(({ id }) => id));
  return new Set(existing.map(({ id }) => id as Id).filter(id => !locked.has(id)));
}
