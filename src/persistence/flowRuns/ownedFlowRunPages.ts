import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import type { FlowRunOwner } from '../../domain/flowRun';
import { selectUnion } from '../connection/statements';
import type { RawRow } from '../entities/columns';
import { type FlowRunRow, flowRunOf } from '../entities/flowRun';
import type { FlowRunCondition } from '../filter/applyFlowRunFilter';
import {
  cursorKeyOf,
  type ListedFlowRun,
  matching,
  type PageRequest,
  partsOf,
  sortedPart,
  sortKeys,
} from './flowRunPages';
import { columnsWithSmallParameters, readLargeParameters } from './largeParameters';

/** Which page of which runs of an owner. */
export interface OwnedPageRequest extends Omit<PageRequest, 'offset' | 'spend'> {
  owner: FlowRunOwner;
}

/** Which runs of an owner. */
export interface OwnedCountRequest {
  owner: FlowRunOwner;
  filter: FlowRunCondition;
}

const conditions: Record<FlowRunOwner['kind'], string> = {
  flow: 'run.flow_id = :ownerId',
  deployment: 'run.deployment_id = :ownerId',
  parent: 'run.parent_task_run_id IN (SELECT task.id FROM task_run task WHERE task.flow_run_id = :ownerId)',
};

const ofOwner = (query: SelectQueryBuilder<FlowRunRow>, { kind, id }: FlowRunOwner) =>
  query.andWhere(conditions[kind], { ownerId: id });

/** The ids of a page: in one part, or in one for keys and one for nulls, each as long as the page. */
function partsOfPage(manager: EntityManager, request: OwnedPageRequest): SelectQueryBuilder<FlowRunRow>[] {
  const sort = sortKeys[request.sort];
  if (sort !== null)
    return partsOf(sort, request.after ?? null).map(nulls => sortedPart(manager, request, sort, nulls));
  const query = matching(manager, request.filter).select('run.id', 'id').orderBy('run.id', 'DESC');
  if (request.after) query.andWhere('run.id < :afterId', { afterId: request.after.id });
  return [query];
}

/** The pages that are requested, in order, all in one statement: runs of 200 owners at most. */
export async function findOwnedFlowRunPages(
  manager: EntityManager,
  requests: readonly OwnedPageRequest[],
  spend: (bytes: number) => void,
): Promise<ListedFlowRun[][]> {
  const selects: string[] = [];
  const parameters: unknown[] = [];
  for (const [page, request] of requests.entries()) {
    const sort = sortKeys[request.sort];
    const order = `${sort === null ? '' : `run.${sort.key} ${sort.direction}, `}run.id DESC`;
    for (const [part, query] of partsOfPage(manager, request).entries()) {
      const [ids, values]: [string, unknown[]] = ofOwner(query, request.owner)
        .limit(request.limit)
        .getQueryAndParameters();
      selects.push(
        `SELECT ${page} AS page, ${part} AS part, ROW_NUMBER() OVER (ORDER BY ${order}) AS place_in_part, ${columnsWithSmallParameters} ` +
          `FROM (${ids}) part_${selects.length} JOIN flow_run run ON run.id = part_${selects.length}.id`,
      );
      parameters.push(...values);
    }
  }
  const rows: RawRow[] = await manager.query(selects.join(' UNION ALL '), parameters);
  // A union has no order of its own.
  rows.sort(
    (one, other) =>
      Number(one.part) - Number(other.part) || Number(one.place_in_part) - Number(other.place_in_part),
  );
  const shown = requests.map((): RawRow[] => []);
  for (const row of rows) {
    const page = Number(row.page);
    if ((shown[page]?.length ?? 0) < (requests[page]?.limit ?? 0)) shown[page]?.push(row);
  }
  const whole = await readLargeParameters(manager, shown.flat(), spend);
  const found = requests.map((): ListedFlowRun[] => []);
  for (const row of whole) {
    const page = Number(row.page);
    const sort = requests[page]?.sort ?? 'ID_DESC';
    found[page]?.push({ flowRun: flowRunOf(row), cursorKey: cursorKeyOf(sort, row) });
  }
  return found;
}

/** How many runs each of 200 owners has at most, in order, all in one statement. */
export async function countOwnedFlowRuns(
  manager: EntityManager,
  requests: readonly OwnedCountRequest[],
): Promise<number[]> {
  const queries = requests.map(({ owner, filter }, page) =>
    ofOwner(matching(manager, filter), owner).select(String(page), 'page').addSelect('COUNT(*)', 'count'),
  );
  const rows = await selectUnion(manager, queries);
  const counts = new Map(rows.map(({ page, count }) => [Number(page), Number(count)]));
  return requests.map((_request, page) => counts.get(page) ?? 0);
}
