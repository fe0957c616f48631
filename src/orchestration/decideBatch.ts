import type { BatchDecision, Decision, ParentTaskRunTransition, Verdict } from '../domain/decision';
import type { CallFacts, ConcurrencyFacts, Facts, FlowRunFacts } from '../domain/facts';
import type { FlowRunPolicy } from '../domain/flowRun';
import type { FlowRunId, TaskRunId } from '../domain/identifiers';
import type { ProposedState, StateProposal } from '../domain/state';
import { columnsAfter, freeTimestamp, policyAfter, stateOf, stored } from './bookkeeping';
import { applyEffects, type ConcurrencyTally, createTally } from './concurrency';
import { copyToParent } from './copyToParent';
import { applyFollowUps, deliberate } from './deliberate';
import type { Policy } from './rule';
import { completeProposal } from './states';

const isSamePolicy = (one: FlowRunPolicy, other: FlowRunPolicy): boolean =>
  one === other ||
  (one.resuming === other.resuming &&
    one.retryType === other.retryType &&
    one.retries === other.retries &&
    one.retryDelay === other.retryDelay &&
    one.pauseKeys.length === other.pauseKeys.length &&
    one.pauseKeys.every((key, index) => key === other.pauseKeys[index]));

/** What the runs of a batch share, as the previous runs left it. */
interface Shared {
  tally: ConcurrencyTally;
  /** The last copy for each parent task run. */
  copies: Map<TaskRunId, ParentTaskRunTransition>;
}

/** Decides one run, and records in the shared facts what it takes, frees and copies. */
function decide(
  policy: Policy,
  run: FlowRunFacts,
  proposed: ProposedState,
  call: CallFacts,
  { tally, copies }: Shared,
): Decision {
  const current = run.state;
  const facts: Facts = {
    run,
    current,
    currentType: current?.type ?? null,
    proposed,
    policy: run.policy,
    concurrency: tally.facts(),
    call,
  };
  const deliberation = deliberate(policy, facts);
  const { written } = deliberation;
  const state =
    written &&
    stateOf(
      written,
      run,
      call.author,
      call.newStateId(),
      freeTimestamp(call.now, run.stateTimestamp, run.laterTimestamps),
    );
  const entered = state ? policyAfter(deliberation.policy, state) : deliberation.policy;
  const followed = applyFollowUps(policy, facts, { ...deliberation, policy: entered });
  const transition = state && {
    state: stored(state),
    previousState: current,
    columns: columnsAfter(run, state, !deliberation.policy.resuming),
    parentTaskRun: copyToParent(
      run,
      stored(state),
      run.parentTaskRunId ? copies.get(run.parentTaskRunId) : undefined,
      call,
    ),
  };
  if (transition?.parentTaskRun) copies.set(transition.parentTaskRun.taskRunId, transition.parentTaskRun);
  return {
    flowRunId: run.id,
    verdict: followed.verdict,
    state: state ?? current,
    trace: followed.trace,
    transition,
    policy: isSamePolicy(followed.policy, run.policy) ? null : followed.policy,
    ...applyEffects(run, followed.effects, tally),
  };
}

/** Gives all runs that share a parent task run the columns after the last of them. */
const withLastColumns =
  (copies: Shared['copies']) =>
  (decision: Decision): Decision => {
    const { transition } = decision;
    const copy = transition?.parentTaskRun;
    const last = copy && copies.get(copy.taskRunId);
    if (!last || last === copy) return decision;
    return { ...decision, transition: { ...transition, parentTaskRun: { ...copy, columns: last.columns } } };
  };

/** The runs, and the state that is proposed to each. */
interface BatchRequest {
  /** In the order of decision: each run sees the slots after the previous one. */
  runs: readonly FlowRunFacts[];
  proposed: StateProposal;
  /** The rules to apply, in order. */
  policy: Policy;
  concurrency: ConcurrencyFacts;
  call: CallFacts;
  /**
   * Called if the decision of a run fails. The run is then ABORT with INTERNAL_ERROR, and none of its effects happen.
   */
  onError: (flowRunId: FlowRunId, error: unknown) => void;
}

/** Decides all runs of a batch, one after the other. */
export function decideBatch({
  runs,
  proposed,
  policy,
  concurrency,
  call,
  onError,
}: BatchRequest): BatchDecision {
  const complete = completeProposal(proposed, call.now);
  const shared: Shared = { tally: createTally(concurrency), copies: new Map() };
  const decisions = runs.map((run): Decision => {
    try {
      return decide(policy, run, complete, call, shared);
    } catch (error) {
      onError(run.id, error);
      const reason = 'The run could not be decided; nothing of it was written.';
      const verdict: Verdict = { status: 'ABORT', code: 'INTERNAL_ERROR', reason };
      return {
        flowRunId: run.id,
        verdict,
        state: null,
        trace: [],
        transition: null,
        policy: null,
        slot: null,
        endedLease: null,
      };
    }
  });
  return { decisions: decisions.map(withLastColumns(shared.copies)), concurrency: shared.tally.changes() };
}
