import type { FlowRun } from '../domain/flowRun';
import type { FlowRunFilter } from '../domain/flowRunFilter';
import * as pages from '../persistence/flowRuns/flowRunPages';
import type { Services } from '../transitions/services';

export { isSortKey } from '../persistence/flowRuns/flowRunPages';

/** The value in the column that a list is sorted by. */
export type SortKeyValue = pages.CursorKey['key'];

/** Which runs, and which page of them. */
type FlowRunPageRequest = Omit<pages.PageRequest, 'filter'> & {
  filter: FlowRunFilter | readonly FlowRunFilter[] | null;
};

/** Returns the runs that match, sorted, each with the key of its cursor. */
export async function findFlowRunPage(
  { database }: Services,
  request: FlowRunPageRequest,
): Promise<pages.ListedFlowRun[]> {
  if (request.limit === 0) return [];
  return database.scan('pages', database.reader, manager => pages.findFlowRunPage(manager, request));
}

/** Returns the runs that match, sorted, from an offset on: for callers that page by number, as the reference does. */
export async function findFlowRuns(
  services: Services,
  request: FlowRunPageRequest & { offset: number },
): Promise<FlowRun[]> {
  const rows = await findFlowRunPage(services, request);
  return rows.map(({ flowRun }) => flowRun);
}
