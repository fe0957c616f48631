import type { Decision } from '../domain/decision';
import type { FlowRunId } from '../domain/identifiers';
import type { DecidedBatch } from './decideFlowRuns';
import { abort, type OrchestrationResult } from './orchestrationResult';

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
