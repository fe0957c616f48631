import type { FlowFilter } from '../../domain/flowFilter';
import type { Flow, FlowSort } from '../../domain/flowRun';
import type { Source } from '../connection/database';
import { dialectOf, kindOf } from '../connection/dialect';
import { select } from '../connection/statements';
import { flowOf } from '../entities/deployment';
import { createBinder, isAny, isNotAny } from '../filter/operators';

/** A page of flows, by number. */
export interface FlowPage {
  filter: FlowFilter | null;
  sort: FlowSort;
  limit: number;
  offset: number;
}

const orders: Readonly<Record<FlowSort, string>> = {
  CREATED_DESC: 'created DESC, id DESC',
  UPDATED_DESC: 'updated DESC, id DESC',
  NAME_ASC: 'name ASC',
  NAME_DESC: 'name DESC',
};

/** Finds the flows of a page, in its order. */
export async function findFlows(source: Source, { filter, sort, limit, offset }: FlowPage): Promise<Flow[]> {
  if (limit === 0) return [];
  const { bind, parameters } = createBinder(dialectOf(kindOf(source)), 'filter_');
  const conditions = [
    filter?.id?.any && isAny('id')(filter.id.any, bind),
    filter?.id?.notAny && isNotAny('id')(filter.id.notAny, bind),
    filter?.name?.any && isAny('name')(filter.name.any, bind),
  ].filter(condition => typeof condition === 'string');
  const where =
    conditions.length === 0 ? '' : `WHERE ${conditions.join(filter?.operator === 'OR' ? ' OR ' : ' AND ')} `;
  const rows = await select(
    source,
    source,
    `SELECT * FROM flow ${where}ORDER BY ${orders[sort]} LIMIT :limit OFFSET :offset`,
    { ...parameters, limit, offset },
  );
  return rows.map(flowOf);
}
