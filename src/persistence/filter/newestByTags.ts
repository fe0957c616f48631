import type { DataSource } from 'typeorm';
import { type SqlExecutor, selectRows } from '../connection/statements';
import { FlowRunTagEntity } from '../entities/flowRun';
import { type FlowRunCondition, filtersIn } from './applyFlowRunFilter';
import type { TagLookup } from './operators';

// This many are looked up and sorted in about 20 ms.
const maxRunsToScan = 5000;

/** The tags of a filter that decide how many runs there are to look up. */
export const decidingTags = (filter: FlowRunCondition): readonly string[] =>
  filtersIn(filter).flatMap(({ tags }) => [...(tags?.any ?? []), ...(tags?.all ?? []).slice(0, 1)]);

/**
 * The tag that all matching runs have, if the filter has only conditions on tags; else null. Its index has the runs
 * in the order of their ids, so that the newest matching runs are found without reading runs that lack the tag.
 */
export function leadingTag(filter: FlowRunCondition): string | null {
  const [only, ...further] = filtersIn(filter);
  if (only === undefined || further.length > 0) return null;
  const { tags, operator: _operator, ...others } = only;
  const isAlone = Object.values(others).every(group => group === null || group === undefined);
  return isAlone && tags?.operator !== 'OR' ? (tags?.all?.[0] ?? null) : null;
}

/**
 * How to look up tags to find the newest runs fastest. Databases plan for all matching rows: for a tag of many runs
 * they would look up every run for every page. So the number of runs of a tag decides: with few runs they are read at
 * once, otherwise the tags of one run after the other are checked until the page is full.
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
