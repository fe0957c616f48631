import { v5 } from 'uuid';
import type { BulkOperation, BulkOperationItem } from '../../../domain/bulkOperation';
import type { Decision } from '../../../domain/decision';
import type { FlowRunFacts } from '../../../domain/facts';
import type { FlowRunId } from '../../../domain/identifiers';
import type { Instant } from '../../../domain/instant';
import type { PlannedFrom, Prediction, Sending } from '../../../domain/sending';
import type { State, StateProposal } from '../../../domain/state';
import type { DecidedItems } from '../decideItems';
import { type ItemVerdict, refusedVerdict } from '../itemVerdicts';

/** The items of a batch: those to send, and those whose verdict needs no server. */
export interface PreparedItems {
  sendings: ReadonlyMap<FlowRunId, Sending>;
  verdicts: ReadonlyMap<FlowRunId, ItemVerdict>;
}

/** What identifies the state that a run is in; null where it has none. */
export function plannedFrom(run: FlowRunFacts): PlannedFrom | null {
  const { stateId, stateType, stateName, startTime, endTime, nextScheduledStartTime } = run;
  if (stateId === null || stateType === null || stateName === null) return null;
  return { stateId, stateType, stateName, startTime, endTime, nextScheduledStartTime };
}

/** What the rules here expect the server to decide. */
export function predictionOf({ verdict, transition }: Decision): Prediction {
  return {
    status: verdict.status,
    code: verdict.status === 'ACCEPT' ? null : verdict.code,
    state: transition && { type: transition.state.type, name: transition.state.name },
  };
}

/** An earlier state as a proposal. What belongs to the moment in which it was written stays behind. */
function proposalOf({ type, name, message, data, stateDetails }: State): StateProposal {
  const {
    flowRunId: _run,
    transitionId: _transition,
    deploymentConcurrencyLeaseId: _lease,
    ...details
  } = stateDetails;
  return { type, name, ...(message !== null && { message }), data, stateDetails: details };
}

/** The id of an item's transition: the same however often the item is tried without a result. */
const transitionIdOf = ({ operationId, flowRunId, attempts }: BulkOperationItem): string =>
  v5(`${flowRunId}:${attempts}`, operationId);

/** Makes the transitions of those items of a batch that a server is to decide. */
export function prepareSendings(
  operation: BulkOperation,
  items: readonly BulkOperationItem[],
  { verdicts, decided, refusals }: DecidedItems,
  now: Instant,
): PreparedItems {
  const { state, force } = operation.definition;
  const decisions = new Map(decided.batch.decisions.map(decision => [decision.flowRunId, decision]));
  const sendings = new Map<FlowRunId, Sending>();
  const settled = new Map<FlowRunId, ItemVerdict>();
  for (const item of items) {
    const { flowRunId } = item;
    const verdict = verdicts.get(flowRunId);
    if (verdict === undefined) throw new Error('an item was not decided');
    const decision = decisions.get(flowRunId);
    const run = decided.runs.get(flowRunId);
    const proposal = state ?? (decision?.transition ? proposalOf(decision.transition.state) : null);
    if (!decision || !run || proposal === null || refusals.has(flowRunId)) {
      settled.set(flowRunId, verdict);
      continue;
    }
    const from = plannedFrom(run);
    if (from === null) {
      const reason = 'The run has no state yet, so nothing could tell whether it changed meanwhile.';
      settled.set(flowRunId, refusedVerdict(reason, null));
      continue;
    }
    sendings.set(flowRunId, {
      flowRunId,
      transitionId: transitionIdOf(item),
      from,
      proposal,
      force: force || state === null,
      prediction: predictionOf(decision),
      sent: now,
    });
  }
  return { sendings, verdicts: settled };
}
