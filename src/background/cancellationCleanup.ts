import type { FlowRunId } from '../domain/identifiers';
import { ownAuthor } from '../domain/state';
import {
  subflowsWithDeployment,
  subflowsWithoutDeployment,
  waitingSubflowsWithDeployment,
} from '../persistence/flowRuns/cancellationConditions';
import type { Services } from '../transitions/services';
import { corePolicy, minimalPolicy, previewFlowRunTransitions } from '../transitions/transitionFlowRuns';
import type { BackgroundService } from './backgroundService';
import { findInBatches, type Move, moveFlowRuns } from './moveFlowRuns';

const message = 'The parent flow run was cancelled.';

const cancelled = { proposal: { type: 'CANCELLED', message }, policy: minimalPolicy } as const;

/** Not forced: the run holds its lease, which is deleted with its slot when the run ends. */
const cancelling: Move = {
  filter: subflowsWithDeployment,
  proposal: { type: 'CANCELLING', message },
  policy: corePolicy,
};

/** Finds the runs without infrastructure, which the rules would cancel at once. */
async function findIdle(services: Services, ids: readonly FlowRunId[]): Promise<Set<FlowRunId>> {
  const results = await previewFlowRunTransitions(services, {
    ...cancelling,
    runs: ids,
    callerRenewsLeases: false,
    author: ownAuthor,
  });
  const idle = results.filter(
    ({ verdict }) => verdict.status === 'REJECT' && verdict.code === 'NO_INFRASTRUCTURE',
  );
  return new Set(idle.map(({ flowRunId }) => flowRunId));
}

/**
 * Cancels the unfinished subflows of CANCELLED runs. A subflow without a deployment runs within its parent's process
 * and becomes CANCELLED; one with a deployment has its own infrastructure and becomes CANCELLING until that has
 * stopped.
 */
export const cancellationCleanup: BackgroundService = {
  name: 'cancellation cleanup',
  async *run(services) {
    for await (const ids of findInBatches(services, subflowsWithoutDeployment))
      yield await moveFlowRuns(services, ids, { ...cancelled, filter: subflowsWithoutDeployment });
    for await (const ids of findInBatches(services, subflowsWithDeployment)) {
      const idle = await findIdle(services, ids);
      const [atOnce, others] = [ids.filter(id => idle.has(id)), ids.filter(id => !idle.has(id))];
      yield await moveFlowRuns(services, atOnce, { ...cancelled, filter: waitingSubflowsWithDeployment });
      yield await moveFlowRuns(services, others, cancelling);
    }
  },
};
