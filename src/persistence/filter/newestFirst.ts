import type { DataSource } from 'typeorm';
import { type SqlExecutor, select } from '../connection/statements';
import type { CompiledFilter } from './compile';

// So many are looked up and put in order in some 20 ms.
const maxRunsToScan = 5000;

/**
 * A filter in the form that finds the newest runs soonest. Databases plan as though all that match were wanted: of a
 * tag that many runs have they would look up every one, for every page. So a look at the tags decides: where they have
 * few runs those are taken at once, else one run after the other is asked for its tags until the page is full.
 */
export async function forNewestFirst(
  dataSource: DataSource,
  connection: SqlExecutor,
  filter: CompiledFilter | null,
): Promise<CompiledFilter | null> {
  if (filter?.tagged === undefined) return filter;
  const { tags, runByRun } = filter.tagged;
  const [row] = await select(
    dataSource,
    connection,
    'SELECT COUNT(*) AS count FROM (SELECT 1 AS one FROM flow_run_tag WHERE tag IN (:...tags) LIMIT :few) few',
    { tags: [...tags], few: maxRunsToScan },
  );
  return Number(row?.count ?? 0) < maxRunsToScan ? filter : runByRun;
}
