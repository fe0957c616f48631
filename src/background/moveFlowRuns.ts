import type { FlowRunId } from '../domain/identifiers';
import { ownAuthor } from '../domain/state';
import type { FlowRunCondition } from '../persistence/filter/applyFlowRunFilter';
import { findOldestMatching } from '../persistence/flowRuns/matchingFlowRuns';
import type { Services } from '../transitions/services';
import { transitionFlowRuns } from '../transitions/transitionFlowRuns';
import type { TransitionRequest } from '../transitions/transitionRequest';
import { batchSize } from './backgroundService';

/** The transition that a service requests. It never renews leases. */
export type Move = Omit<TransitionRequest, 'runs' | 'callerRenewsLeases' | 'author'>;

/**
 * Finds the runs that match, oldest first, in batches. Returns each run once, whether or not it still matches
 * afterwards.
 */
export async function* findInBatches(
  { database }: Services,
  filter: FlowRunCondition,
): AsyncGenerator<FlowRunId[], void> {
  let after: FlowRunId | null = null;
  do {
    const ids = await findOldestMatching(database, filter, after, batchSize);
    if (ids.length > 0) yield ids;
    after = ids.length < batchSize ? null : (ids.at(-1) ?? null);
  } while (after !== null);
}

/**
 * Moves the given runs that still match.
 *
 * @returns the number of moved runs.
 */
export async function moveFlowRuns(
  services: Services,
  ids: readonly FlowRunId[],
  move: Move,
): Promise<number> {
  const results = await transitionFlowRuns(services, {
    ...move,
    runs: ids,
    callerRenewsLeases: false,
    author: ownAuthor,
  });
  return results.filter(({ written }) => written).length;
}
