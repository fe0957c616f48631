import type { BatchDecision } from '../domain/decision';
import type { CallFacts, ConcurrencyFacts, FlowRunFacts } from '../domain/facts';
import type { FlowRunId, LeaseId } from '../domain/identifiers';
import type { StateAuthor } from '../domain/state';
import { decideBatch } from '../orchestration/decideBatch';
import { needsConcurrency } from '../orchestration/rule';
import { decideUndo, type Restoration } from '../orchestration/undo';
import type { Services } from './services';
import type { Proposal } from './transitionRequest';

/** How runs are decided. It is chosen once, and passed on. */
export interface DecisionStrategy {
  /** Whether the decision about a run depends on slots and leases. */
  needsConcurrency(run: FlowRunFacts): boolean;
  /** A lease that the proposal names. */
  leaseId?: LeaseId;
  /** Whether the caller renews its leases itself. */
  callerRenewsLeases: boolean;
  /** Who writes the states. */
  author: StateAuthor;
  decide(runs: readonly FlowRunFacts[], concurrency: ConcurrencyFacts, call: CallFacts): BatchDecision;
}

/** Returns the strategy that decides a proposal by a policy. */
export function ruleStrategy(
  services: Services,
  { proposal, policy, callerRenewsLeases, author }: Proposal,
): DecisionStrategy {
  return {
    callerRenewsLeases,
    author,
    leaseId: proposal.stateDetails?.deploymentConcurrencyLeaseId,
    needsConcurrency: run => needsConcurrency(policy, run.stateType, proposal.type),
    decide: (runs, concurrency, call) =>
      decideBatch({
        runs,
        proposed: proposal,
        policy,
        concurrency,
        call,
        onError: (flowRunId, error) =>
          services.reportError('a run could not be decided', error, { flowRunId }),
      }),
  };
}

/** Returns the strategy that gives runs back what they had before an operation moved them. No rule is applied. */
export const undoStrategy = (
  restorations: ReadonlyMap<FlowRunId, Restoration>,
  { note, ...caller }: Pick<DecisionStrategy, 'author' | 'callerRenewsLeases'> & { note: string },
): DecisionStrategy => ({
  ...caller,
  needsConcurrency: run => {
    const before = restorations.get(run.id)?.before;
    return before?.slot !== undefined || before?.endedLease !== undefined;
  },
  decide: (runs, concurrency, call) => decideUndo({ runs, restorations, concurrency, call, note }),
});
