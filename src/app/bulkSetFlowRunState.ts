import type { FlowRunFilter } from '../domain/flowRunFilter';
import type { FlowRunId } from '../domain/identifiers';
import type { StateProposal } from '../domain/state';
import { compileFlowRunFilter } from '../persistence/filter/compile';
import type { Services } from './services';
import {
  type OrchestrationResult,
  previewFlowRunTransitions,
  type TransitionRequest,
  transitionFlowRuns,
} from './transitionFlowRuns';

/** One state for the newest runs that match a filter. */
export interface BulkSetFlowRunStateRequest {
  proposal: StateProposal;
  filter: FlowRunFilter | null;
  force: boolean;
  /** At most so many runs: 1 to 50. */
  limit: number;
  callerRenewsLeases: boolean;
}

const newest = (
  { database }: Services,
  { limit, filter, ...rest }: BulkSetFlowRunStateRequest,
): TransitionRequest => ({
  ...rest,
  filter: compileFlowRunFilter(filter, database.dialect),
  runs: { newest: limit },
});

/** The main job: finds the runs, decides each, writes what was decided, and answers run by run, newest first. */
export async function bulkSetFlowRunState(
  services: Services,
  request: BulkSetFlowRunStateRequest,
): Promise<OrchestrationResult[]> {
  return transitionFlowRuns(services, newest(services, request));
}

/** What the main job would decide now. */
export async function previewBulkSetFlowRunState(
  services: Services,
  request: BulkSetFlowRunStateRequest,
): Promise<OrchestrationResult[]> {
  return previewFlowRunTransitions(services, newest(services, request));
}

/** One state for one run, whatever it is in; an unknown id is answered with FLOW_RUN_NOT_FOUND. */
export async function setFlowRunState(
  services: Services,
  request: Omit<TransitionRequest, 'runs' | 'filter'> & { flowRunId: FlowRunId },
): Promise<OrchestrationResult> {
  const { flowRunId, ...rest } = request;
  const [result] = await transitionFlowRuns(services, { ...rest, runs: [flowRunId], filter: null });
  if (result === undefined) throw new Error('a run that was asked for was not answered');
  return result;
}
