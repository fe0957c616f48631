import { badUserInput, unavailable } from '../domain/errors';
import type { FlowRunFilter } from '../domain/flowRunFilter';
import type { FlowRunId } from '../domain/identifiers';
import type { StateAuthor, StateProposal } from '../domain/state';
import { checkStateSize } from '../domain/stateSize';
import { policyFor } from '../orchestration/policies';
import { heldReason, type OrchestrationResult } from './orchestrationResult';
import type { Services } from './services';
import { previewFlowRunTransitions } from './transitionFlowRuns';
import type { TransitionRequest } from './transitionRequest';

/** One state for the newest runs that match a filter. */
export interface BulkSetFlowRunStateRequest {
  proposal: StateProposal;
  filter: FlowRunFilter | null;
  /** Whether the minimal policy decides, instead of the core policy. */
  force: boolean;
  /** How many runs at most: 1 to 50. */
  limit: number;
  callerRenewsLeases: boolean;
  /** Who writes the states. */
  author: StateAuthor;
}

const newest = ({ limit, force, ...rest }: BulkSetFlowRunStateRequest): TransitionRequest => ({
  ...rest,
  policy: policyFor(force),
  runs: { newest: limit },
});

/**
 * Checks that the executor carries out such a proposal at all.
 *
 * @throws SwitchyardError BAD_USER_INPUT where it does not.
 */
export function checkProposal({ executor }: Services, proposal: StateProposal): void {
  const refusal = executor.refusalOfProposal(proposal);
  if (refusal !== null) throw badUserInput([{ path: ['input', 'state', 'type'], message: refusal }]);
}

/** The main job: finds the runs, decides each, writes the decisions, and returns the results, newest first. */
export async function bulkSetFlowRunState(
  services: Services,
  request: BulkSetFlowRunStateRequest,
): Promise<OrchestrationResult[]> {
  checkProposal(services, request.proposal);
  checkStateSize(request.proposal, request.limit);
  return services.executor.transition(services, newest(request));
}

/** What the main job would decide now. */
export async function previewBulkSetFlowRunState(
  services: Services,
  request: BulkSetFlowRunStateRequest,
): Promise<OrchestrationResult[]> {
  return previewFlowRunTransitions(services, newest(request));
}

/**
 * Proposes one state for one run, regardless of its current state; an unknown id results in FLOW_RUN_NOT_FOUND.
 *
 * @throws SwitchyardError UNAVAILABLE where another transaction holds the run for longer than a call waits.
 */
export async function setFlowRunState(
  services: Services,
  request: Omit<BulkSetFlowRunStateRequest, 'filter' | 'limit'> & { flowRunId: FlowRunId },
): Promise<OrchestrationResult> {
  checkProposal(services, request.proposal);
  const { flowRunId, force, ...rest } = request;
  const [result] = await services.executor.transition(services, {
    ...rest,
    policy: policyFor(force),
    runs: [flowRunId],
    filter: null,
  });
  if (result === undefined) throw new Error('a run that was asked for has no result');
  if (result.isHeld) throw unavailable(heldReason);
  return result;
}
