import type { FlowRun, FlowRunSort } from '../domain/flowRun';
import type { FlowRunFilter } from '../domain/flowRunFilter';
import { findFlowRunPage } from '../persistence/flowRuns/flowRunPages';
import type { Services } from '../transitions/services';

/** Runs that match, sorted, from an offset on: for callers that page by number, as the reference does. */
export async function findFlowRuns(
  services: Services,
  request: {
    filter: FlowRunFilter | null;
    sort: FlowRunSort;
    limit: number;
    offset: number;
    spend: (bytes: number) => void;
  },
): Promise<FlowRun[]> {
  if (request.limit === 0) return [];
  const placed = await services.database.scan('pages', services.database.reader, manager =>
    findFlowRunPage(manager, request),
  );
  return placed.map(({ flowRun }) => flowRun);
}
