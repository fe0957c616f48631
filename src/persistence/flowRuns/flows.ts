import type { FlowFilter } from '../../domain/flowFilter';
import type { Flow, FlowSort } from '../../domain/flowRun';
import type { Source } from '../connection/database';

import { selectRows } from '../connection/statements';
import { FlowEntity } from '../entities/deployment';
import { applyConditions, conditionsOf } from '../filter/applyConditions';
import { isAny, isNotAny } from '../filter/operators';

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

// Flat, because `operator` stands between the conditions of one group too.
const flowConditions = { any: isAny('flow.id'), notAny: isNotAny('flow.id'), name: isAny('flow.name') };

/** Finds the flows of a page, in its order. */
export async function findFlows(source: Source, { filter, sort, limit, offset }: FlowPage): Promise<Flow[]> {
  if (limit === 0) return [];
  const query = source
    .createQueryBuilder()
    .select('flow.*')
    .from(FlowEntity, 'flow')
    .orderBy(orders[sort])
    .limit(limit)
    .offset(offset);
  const conditions = { ...filter?.id, name: filter?.name?.any, operator: filter?.operator };
  const rows = await selectRows(source, applyConditions(query, conditionsOf(conditions, flowConditions)));
  return rows.map(FlowEntity.read);
}
