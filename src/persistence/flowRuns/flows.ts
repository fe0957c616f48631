import type { EntityManager } from 'typeorm';
import type { FlowFilter } from '../../domain/flowFilter';
import type { Flow, FlowSort } from '../../domain/flowRun';
import type { Source } from '../connection/database';
import { selectRows } from '../connection/statements';
import type { Raw, RawRow } from '../entities/columns';
import { FlowEntity, flowOf } from '../entities/deployment';
import { applyConditions } from '../filter/applyConditions';
import { flowConditions } from '../filter/flowConditions';

/** A page of flows, by number. */
export interface FlowPage {
  filter: FlowFilter | null;
  sort: FlowSort;
  limit: number;
  offset: number;
}

const orders: Readonly<Record<FlowSort, Record<string, 'ASC' | 'DESC'>>> = {
  CREATED_DESC: { 'flow.created': 'DESC', 'flow.id': 'DESC' },
  UPDATED_DESC: { 'flow.updated': 'DESC', 'flow.id': 'DESC' },
  NAME_ASC: { 'flow.name': 'ASC' },
  NAME_DESC: { 'flow.name': 'DESC' },
};

const matching = (source: Source | EntityManager, filter: FlowFilter | null) =>
  applyConditions(source.createQueryBuilder().from(FlowEntity, 'flow'), flowConditions(filter ?? {}));

/** Finds the flows of a page, in its order. */
export async function findFlows(source: Source, { filter, sort, limit, offset }: FlowPage): Promise<Flow[]> {
  if (limit === 0) return [];
  const query = matching(source, filter).select('flow.*').orderBy(orders[sort]).limit(limit).offset(offset);
  return (await selectRows(source, query)).map(flowOf);
}

/** Finds flows by name, ascending, from just behind a name on. */
export async function findFlowsByName(
  manager: EntityManager,
  filter: FlowFilter | null,
  limit: number,
  after: string | null,
): Promise<Flow[]> {
  const query = matching(manager, filter).select('flow.*').orderBy('flow.name').limit(limit);
  if (after !== null) query.andWhere('flow.name > :after', { after });
  return (await query.getRawMany<RawRow>()).map(flowOf);
}

/** How many flows match. */
export async function countFlows(manager: EntityManager, filter: FlowFilter | null): Promise<number> {
  const row = await matching(manager, filter).select('COUNT(*)', 'count').getRawOne<{ count: Raw }>();
  return Number(row?.count ?? 0);
}
