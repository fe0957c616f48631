import type { FlowFilter } from '../domain/flowFilter';
import type { Flow } from '../domain/flowRun';
import * as flows from '../persistence/flowRuns/flows';
import type { Services } from '../transitions/services';

/** Flows that match, sorted, from an offset on: for callers that page by number, as the reference does. */
export const findFlows = ({ database }: Services, page: flows.FlowPage): Promise<Flow[]> =>
  flows.findFlows(database.reader, page);

/** Flows that match, by name, from just behind a name on. */
export const findFlowsByName = (
  { database }: Services,
  filter: FlowFilter | null,
  limit: number,
  after: string | null,
): Promise<Flow[]> =>
  database.scan('pages', database.reader, manager => flows.findFlowsByName(manager, filter, limit, after));

/** How many flows match. */
export const countFlows = ({ database }: Services, filter: FlowFilter | null): Promise<number> =>
  database.scan('counts', database.reader, manager => flows.countFlows(manager, filter), {
    sharedAs: `flows ${JSON.stringify(filter)}`,
  });
