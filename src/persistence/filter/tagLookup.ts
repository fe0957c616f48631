import { Brackets, type DataSource } from 'typeorm';
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
 * The tag whose runs include all that match, where a filter has no conditions but on tags; else null. Its index has its
 * runs in the order of their ids, so the newest that match are found without a look at runs that lack the tag.
 */
export function leadingTag(filter: FlowRunCondition): string | null {
  if (filter === null || filter instanceof Brackets) return null;
  const { tags, operator: _operator, ...others } = filter;
  const isAlone = Object.values(others).every(group => group === null || group === undefined);
  return isAlone && tags?.operator !== 'OR' ? (tags?.all?.[0] ?? null) : null;
}

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
