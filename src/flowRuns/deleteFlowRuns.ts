import type { FlowRunFilter } from '../domain/flowRunFilter';
import type { FlowRunId } from '../domain/identifiers';
import { findNewestMatching } from '../persistence/flowRuns/matchingFlowRuns';
import type { Services } from '../transitions/services';

export { hasConditions } from '../persistence/filter/applyFlowRunFilter';

/** Deletes the newest runs that match, with their states; a slot that one of them held is freed. */
export async function bulkDeleteFlowRuns(
  services: Services,
  filter: FlowRunFilter | null,
  limit: number,
): Promise<FlowRunId[]> {
  const { database, executor } = services;
  const ids = await database.scan('pages', database.primary, manager =>
    findNewestMatching(database, manager, filter, limit),
  );
  return ids.length === 0 ? [] : executor.deleteFlowRuns(services, ids, filter);
}

/** Deletes one run; returns false if it does not exist. */
export const deleteFlowRun = async (services: Services, id: FlowRunId): Promise<boolean> =>
  (await services.executor.deleteFlowRuns(services, [id], null)).length === 1;
