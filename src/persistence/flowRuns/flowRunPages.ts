import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import type { FlowRun, FlowRunSort } from '../../domain/flowRun';
import type { FlowRunId } from '../../domain/identifiers';
import { isInstant } from '../../domain/instant';
import type { StateType } from '../../domain/state';
import { findInvalidText } from '../../domain/textIntegrity';
import { instantFromDatabase, instantToDatabase, type Raw, type RawRow } from '../entities/columns';
import { FlowRunEntity, type FlowRunRow, flowRunOf } from '../entities/flowRun';
import { applyFlowRunFilter, type FlowRunCondition } from '../filter/applyFlowRunFilter';
import { leadingTag, tagLookupForNewest } from '../filter/newestByTags';
import type { TagLookup } from '../filter/operators';
import { runsInShortSpan } from '../filter/runsInShortSpan';
import { withOwnerIds } from '../filter/withOwnerIds';
import { columnsWithSmallParameters, readLargeParameters } from './largeParameters';

/** The column that runs are sorted by; ties are broken by id, descending. */
interface SortKey {
  key: 'effective_start_time' | 'expected_start_time' | 'name' | 'next_scheduled_start_time' | 'end_time';
  direction: 'ASC' | 'DESC';
  nullable: boolean;
}

/** What each sort sorts by; null: by id alone. */
export const sortKeys: Record<FlowRunSort, SortKey | null> = {
  ID_DESC: null,
  START_TIME_ASC: { key: 'effective_start_time', direction: 'ASC', nullable: true },
  START_TIME_DESC: { key: 'effective_start_time', direction: 'DESC', nullable: true },
  EXPECTED_START_TIME_ASC: { key: 'expected_start_time', direction: 'ASC', nullable: true },
  EXPECTED_START_TIME_DESC: { key: 'expected_start_time', direction: 'DESC', nullable: true },
  NAME_ASC: { key: 'name', direction: 'ASC', nullable: false },
  NAME_DESC: { key: 'name', direction: 'DESC', nullable: false },
  NEXT_SCHEDULED_START_TIME_ASC: { key: 'next_scheduled_start_time', direction: 'ASC', nullable: true },
  END_TIME_DESC: { key: 'end_time', direction: 'DESC', nullable: true },
};

/** Whether a value can stand in the column that a sort sorts by, in the form in which databases return it. */
export function isSortKey(sort: FlowRunSort, value: unknown): value is Raw {
  const sortKey = sortKeys[sort];
  if (value === null) return sortKey === null || sortKey.nullable;
  if (sortKey === null || typeof value !== 'string') return false;
  if (sortKey.key === 'name') return findInvalidText(value) === null;
  return isInstant(instantFromDatabase(value)) && instantToDatabase(instantFromDatabase(value)) === value;
}

/** The key of a cursor: the value that the list is sorted by, and the id, of the run after which a page begins. */
export interface CursorKey {
  key: Raw;
  id: FlowRunId;
}

/** A run in a list, and the key of its cursor. */
export interface ListedFlowRun {
  flowRun: FlowRun;
  cursorKey: CursorKey;
}

/** Which page of which runs: the page begins after a run, or at an offset. */
export interface PageRequest {
  filter: FlowRunCondition;
  sort: FlowRunSort;
  limit: number;
  after?: CursorKey | null;
  offset?: number;
  /** Is given the bytes of large parameters before they are read, and throws where they are too many. */
  spend?: (bytes: number) => void;
}

/** A query of the runs that match. */
export const matching = (
  manager: EntityManager,
  filter: FlowRunCondition,
  tagLookup: TagLookup = 'allAtOnce',
): SelectQueryBuilder<FlowRunRow> =>
  applyFlowRunFilter(manager.createQueryBuilder(FlowRunEntity, 'run'), filter, { tagLookup });

/**
 * The runs that a query finds the ids of, in the same order. Ids come first because an index often holds all that
 * finds and sorts them, and because databases choose the better plan where a row costs them less.
 */
function readRuns(
  manager: EntityManager,
  ids: SelectQueryBuilder<FlowRunRow>,
  sort: SortKey | null,
): Promise<RawRow[]> {
  const query = manager
    .createQueryBuilder()
    .select(columnsWithSmallParameters)
    .from(`(${ids.getQuery()})`, 'page')
    .innerJoin('flow_run', 'run', 'run.id = page.id')
    .setParameters(ids.getParameters());
  if (sort !== null) query.orderBy(`run.${sort.key}`, sort.direction);
  return query.addOrderBy('run.id', 'DESC').getRawMany();
}

/** A query of the runs that match, and the column to sort by for the newest first: databases walk the index of that column. */
interface NewestRuns {
  readonly query: SelectQueryBuilder<FlowRunRow>;
  readonly id: string;
}

async function newestMatching(manager: EntityManager, filter: FlowRunCondition): Promise<NewestRuns> {
  const { dataSource } = manager;
  const leading = leadingTag(filter);
  if (leading !== null) {
    const query = matching(manager, filter, 'runByRun').innerJoin(
      'flow_run_tag',
      'leading',
      'leading.flow_run_id = run.id AND leading.tag = :leading',
      { leading },
    );
    return { query, id: 'leading.flow_run_id' };
  }
  const query = matching(manager, filter, await tagLookupForNewest(dataSource, manager, filter));
  const few = await runsInShortSpan(dataSource, manager, filter);
  if (few === null) return { query, id: 'run.id' };
  query.innerJoin(`(${few.getQuery()})`, 'few', 'few.id = run.id').setParameters(few.getParameters());
  return { query, id: 'few.id' };
}

async function newestFirst(manager: EntityManager, request: PageRequest): Promise<RawRow[]> {
  const { query, id } = await newestMatching(manager, request.filter);
  query.select(id, 'id').orderBy(id, 'DESC').limit(request.limit);
  if (request.after) query.andWhere(`${id} < :afterId`, { afterId: request.after.id });
  if (request.offset) query.offset(request.offset);
  return readRuns(manager, query, null);
}

/** The ids of the part of a sorted list whose keys are null, or of the part whose keys are not: each is in the order of an index. */
export function sortedPart(
  manager: EntityManager,
  request: Pick<PageRequest, 'filter' | 'after'>,
  sort: SortKey,
  nulls: boolean,
): SelectQueryBuilder<FlowRunRow> {
  const { after } = request;
  const column = `run.${sort.key}`;
  const query = matching(manager, request.filter)
    .select('run.id', 'id')
    .andWhere(`${column} IS ${nulls ? '' : 'NOT '}NULL`);
  if (!nulls) query.orderBy(column, sort.direction);
  query.addOrderBy('run.id', 'DESC');
  if (!after || (after.key === null) !== nulls) return query;
  if (nulls) return query.andWhere('run.id < :afterId', { afterId: after.id });
  const beyond = sort.direction === 'ASC' ? '>' : '<';
  return query.andWhere(`(${column} ${beyond} :afterKey OR (${column} = :afterKey AND run.id < :afterId))`, {
    afterKey: after.key,
    afterId: after.id,
  });
}

/** The parts of a sorted list from a key on, in order: whether the keys in it are null. */
export function partsOf({ nullable, direction }: SortKey, after: CursorKey | null): boolean[] {
  const parts = !nullable ? [false] : direction === 'ASC' ? [false, true] : [true, false];
  return parts.slice(after === null ? 0 : parts.indexOf(after.key === null));
}

async function sorted(manager: EntityManager, request: PageRequest, sort: SortKey): Promise<RawRow[]> {
  const rows: RawRow[] = [];
  let toSkip = request.offset ?? 0;
  for (const nulls of partsOf(sort, request.after ?? null)) {
    const query = sortedPart(manager, request, sort, nulls);
    query.limit(request.limit - rows.length).offset(toSkip);
    const found = await readRuns(manager, query, nulls ? null : sort);
    rows.push(...found);
    if (rows.length >= request.limit) break;
    if (toSkip > 0)
      toSkip =
        found.length > 0
          ? 0
          : Math.max(0, toSkip - (await query.limit(undefined).offset(undefined).getCount()));
  }
  return rows;
}

/** The key of the cursor of a row in a sorted list. */
export function cursorKeyOf(sort: FlowRunSort, row: RawRow): CursorKey {
  const sortKey = sortKeys[sort];
  return { key: sortKey === null ? null : (row[sortKey.key] ?? null), id: row.id as FlowRunId };
}

/** Runs that match, sorted, from the requested position. Nulls come last where ascending and first where descending. */
export async function findFlowRunPage(
  manager: EntityManager,
  request: PageRequest,
): Promise<ListedFlowRun[]> {
  const sort = sortKeys[request.sort];
  const filter = await withOwnerIds(manager.dataSource, manager, request.filter);
  const resolved = { ...request, filter };
  const rows = sort === null ? await newestFirst(manager, resolved) : await sorted(manager, resolved, sort);
  const whole = await readLargeParameters(manager, rows, request.spend);
  return whole.map(row => ({ flowRun: flowRunOf(row), cursorKey: cursorKeyOf(request.sort, row) }));
}

/** How many runs match. */
export async function countFlowRuns(manager: EntityManager, filter: FlowRunCondition): Promise<number> {
  const row = await matching(manager, filter).select('COUNT(*)', 'count').getRawOne<{ count: Raw }>();
  return Number(row?.count ?? 0);
}

/** How many runs match, by state type; types that no run is in are left out. */
export async function countFlowRunStates(
  manager: EntityManager,
  filter: FlowRunCondition,
): Promise<{ stateType: StateType | null; count: number }[]> {
  const rows = await matching(manager, filter)
    .select('run.state_type', 'state_type')
    .addSelect('COUNT(*)', 'count')
    .groupBy('run.state_type')
    .orderBy('run.state_type')
    .getRawMany<{ state_type: StateType | null; count: Raw }>();
  return rows.map(row => ({ stateType: row.state_type, count: Number(row.count) }));
}
