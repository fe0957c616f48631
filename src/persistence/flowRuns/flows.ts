import type { FlowFilter } from '../../domain/flowFilter';
import type { Flow, FlowSort } from '../../domain/flowRun';
import type { Source } from '../connection/database';

import { selectRows } from '../connection/statements';
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
  const rows = await selectRows(source, applyConditions(query, flowConditions(filter ?? {})));
  return rows.map(flowOf);
}
