import { v5 } from 'uuid';
import type { BulkOperation, BulkOperationItem } from '../../../domain/bulkOperation';
import type { FlowRunId } from '../../../domain/identifiers';
import type { Instant } from '../../../domain/instant';
import type { Sending } from '../../../domain/sending';
import type { State, StateProposal } from '../../../domain/state';
import { makeSending, noStateReason } from '../../../transitions/makeSending';
import type { DecidedItems } from '../decideItems';
import { type ItemVerdict, refusedVerdict } from '../itemVerdicts';

/** The items of a batch: those to send, and those whose verdict needs no server. */
export interface PreparedItems {
  sendings: ReadonlyMap<FlowRunId, Sending>;
  verdicts: ReadonlyMap<FlowRunId, ItemVerdict>;
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
    const sending = makeSending(run, decision, {
      transitionId: transitionIdOf(item),
      proposal,
      force: force || state === null,
      sent: now,
    });
    if (sending === null) settled.set(flowRunId, refusedVerdict(noStateReason, null));
    else sendings.set(flowRunId, sending);
  }
  return { sendings, verdicts: settled };
}
