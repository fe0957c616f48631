import type { Decision, RuleTrace, Verdict } from '../domain/decision';
import type { FlowRunId } from '../domain/identifiers';
import type { State } from '../domain/state';
import type { DecidedBatch } from './decideFlowRuns';

/** What was decided about one run. */
export interface OrchestrationResult {
  flowRunId: FlowRunId;
  verdict: Verdict;
  /** The state the run is in after the decision; null where it has none. */
  state: State | null;
  /** Whether that state is a new one, that of an accepted proposal or of a rejection that writes another. */
  written: boolean;
  trace: readonly RuleTrace[];
  /** Present where nothing was decided, because another transaction holds what the run needs. */
  isHeld?: true;
}

/** The result for a run about which no rule was asked. */
export const abort = (
  flowRunId: FlowRunId,
  code: 'FLOW_RUN_NOT_FOUND' | 'NO_LONGER_MATCHES' | 'INTERNAL_ERROR',
  reason: string,
  state: State | null = null,
): OrchestrationResult => ({
  flowRunId,
  verdict: { status: 'ABORT', code, reason },
  state,
  written: false,
  trace: [],
});

/** The results of a batch, one for each run of the request, in its order. */
export function resultsOf({ ids, batch, found }: DecidedBatch): OrchestrationResult[] {
  const decided = new Map<FlowRunId, Decision>(
    batch.decisions.map(decision => [decision.flowRunId, decision]),
  );
  return ids.map((id): OrchestrationResult => {
    const decision = decided.get(id);
    if (decision) {
      const { verdict, state, transition, trace } = decision;
      return { flowRunId: id, verdict, state, written: transition !== null, trace };
    }
    const run = found.get(id);
    if (!run) return abort(id, 'FLOW_RUN_NOT_FOUND', 'There is no flow run with this id.');
    const reason = 'The run stopped matching the filter before it could be moved, and was left alone.';
    return abort(id, 'NO_LONGER_MATCHES', reason, run.facts.state);
  });
}

/** Why a run was not decided that cannot be locked. */
export const heldReason =
  'Another transaction holds the run, its task run, its deployment or its lease. Nothing of it was written. Try again later.';

/** The result for a run that another transaction holds. */
export const heldResult = (id: FlowRunId): OrchestrationResult => ({
  ...abort(id, 'INTERNAL_ERROR', heldReason),
  isHeld: true,
});
