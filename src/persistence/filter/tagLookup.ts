import type { DataSource } from 'typeorm';
import { type SqlExecutor, selectRows } from '../connection/statements';
import { FlowRunTagEntity } from '../entities/flowRun';
import type { FlowRunCondition } from './applyFlowRunFilter';
import type { TagLookup } from './operators';

// So many are looked up and put in order in some 20 ms.
const maxRunsToScan = 5000;

/** The tags of a filter that decide how many runs there are to look up. */
export const decidingTags = (filter: FlowRunCondition): readonly string[] =>
  filter === null || !('tags' in filter)
    ? []
    : [...(filter.tags?.any ?? []), ...(filter.tags?.all ?? []).slice(0, 1)];

/**
 * How tags are looked up to find the newest runs soonest. Databases plan as though all that match were wanted: of a
 * tag that many runs have they would look up every one, for every page. So a look at the tags decides: where they have
 * few runs those are taken at once, else one run after the other is asked for its tags until the page is full.
 */
export async function tagLookupForNewest(
  dataSource: DataSource,
  connection: SqlExecutor,
  filter: FlowRunCondition,
): Promise<TagLookup> {
  const tags = decidingTags(filter);
  if (tags.length === 0) return 'allAtOnce';
  const query = dataSource
    .createQueryBuilder()
    .select('COUNT(*)', 'count')
    .from(
      few =>
        few
          .select('1', 'one')
          .from(FlowRunTagEntity, 'tagged')
          .where('tagged.tag IN (:...tags)', { tags })
          .limit(maxRunsToScan),
      'few',
    );
  const [row] = await selectRows(connection, query);
  return Number(row?.count ?? 0) < maxRunsToScan ? 'allAtOnce' : 'runByRun';
}
