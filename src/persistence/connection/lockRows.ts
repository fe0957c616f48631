import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { kindOf, type LockMode } from './dialect';

/**
 * Locks the rows that a query reads until the transaction ends. The embedded database has no row locks: a writer
 * locks the whole file. `decideFlowRuns` in `transitions/` defines in which order tables and
 * the rows of each are locked.
 */
export function lockRows<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  mode: LockMode,
): SelectQueryBuilder<Row> {
  if (mode === 'none' || kindOf(query.dataSource) === 'embedded') return query;
  query.setLock('pessimistic_write');
  if (mode === 'noWait') return query.setOnLocked('nowait');
  return mode === 'skipLocked' ? query.setOnLocked('skip_locked') : query;
}
