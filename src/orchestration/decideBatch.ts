import type {
  BatchDecision,
  Decision,
  ParentTaskRunTransition,
  RuleTrace,
  Verdict,
} from '../domain/decision';
import type { CallFacts, ConcurrencyFacts, Facts, FlowRunFacts } from '../domain/facts';
import type { FlowRunPolicy } from '../domain/flowRun';
import type { FlowRunId, TaskRunId } from '../domain/identifiers';
import type { Instant } from '../domain/instant';
import { defaultStateName, type ProposedState, type State, type StateProposal } from '../domain/state';
import { columnsAfter, freeTimestamp, policyAfter, stateOf, stored } from './bookkeeping';
import { type ConcurrencyTally, createTally } from './concurrency';
import type { Effect, Outcome, Policy, RuleRefusal } from './rule';

/** Completes a proposal: the name of its type, and the current time for a SCHEDULED state. */
export function completeProposal(
  { type, name, message, data, stateDetails }: StateProposal,
  now: Instant,
): ProposedState {
  const isUnscheduled = type === 'SCHEDULED' && stateDetails?.scheduledTime === undefined;
  return {
    type,
    name: name ?? defaultStateName(type),
    message: message ?? null,
    data: data ?? null,
    stateDetails: { ...stateDetails, ...(isUnscheduled && { scheduledTime: now }) },
  };
}

/** The result of applying the rules to one run. */
interface Deliberation {
  verdict: Verdict;
  written: ProposedState | null;
  policy: FlowRunPolicy;
  effects: readonly Effect[];
  trace: RuleTrace[];
  endedBy: string | null;
  /** The number of rules of the policy that were applied. */
  reached: number;
}

const verdictOf = (refusal: RuleRefusal): Verdict => {
  const { code, reason } = refusal;
  switch (refusal.kind) {
    case 'reject':
      return { status: 'REJECT', code, reason };
    case 'abort':
      return { status: 'ABORT', code, reason };
    case 'wait':
      return { status: 'WAIT', code, reason, delaySeconds: refusal.delaySeconds };
  }
};

const refusalEffects = { reject: 'REJECTED', abort: 'ABORTED', wait: 'DELAYED' } as const;

/** Applies the rules in order until one refuses. Effects that were collected before a refusal never happen. */
function deliberate(policy: Policy, initial: Facts): Deliberation {
  let facts = initial;
  const effects: Effect[] = [];
  const trace: RuleTrace[] = [];
  let reached = 0;
  for (const rule of policy) {
    reached++;
    if (!rule.decide || !rule.from.has(facts.currentType) || !rule.to.has(facts.proposed.type)) continue;
    const outcome = rule.decide(facts);
    if (outcome === undefined) continue;
    if (outcome.kind === 'amend') {
      facts = {
        ...facts,
        proposed: outcome.proposed ?? facts.proposed,
        policy: { ...facts.policy, ...outcome.policy },
      };
      if (outcome.effects) effects.push(...outcome.effects);
      trace.push({ rule: rule.name, effect: 'AMENDED', note: outcome.note });
      continue;
    }
    trace.push({ rule: rule.name, effect: refusalEffects[outcome.kind], note: outcome.reason });
    const written = outcome.kind === 'reject' ? (outcome.state ?? null) : null;
    const finalPolicy = outcome.kind === 'reject' ? { ...initial.policy, ...outcome.policy } : initial.policy;
    return {
      verdict: verdictOf(outcome),
      written,
      policy: finalPolicy,
      effects: [],
      trace,
      endedBy: rule.name,
      reached,
    };
  }
  return {
    verdict: { status: 'ACCEPT' },
    written: facts.proposed,
    policy: facts.policy,
    effects,
    trace,
    endedBy: null,
    reached,
  };
}

/** Applies the follow-ups of the rules, each at its time. */
function followUps(policy: Policy, facts: Facts, deliberation: Deliberation): Deliberation {
  const { written, endedBy, reached, verdict } = deliberation;
  const outcome: Outcome = { written, endedBy };
  const effects = [...deliberation.effects];
  const trace = [...deliberation.trace];
  let after = deliberation.policy;
  let place = 0;
  for (const rule of policy) {
    place++;
    if (!rule.followUp || !rule.from.has(facts.currentType)) continue;
    const looksAt = rule.after === 'writing' ? written?.type : facts.proposed.type;
    if (looksAt === undefined || !rule.to.has(looksAt)) continue;
    if (rule.after === 'acceptance' && verdict.status !== 'ACCEPT') continue;
    if (rule.after === 'deliberation' && place > reached) continue;
    const followUp = rule.followUp({ ...facts, policy: after }, outcome);
    if (followUp === undefined) continue;
    after = { ...after, ...followUp.policy };
    if (followUp.effects) effects.push(...followUp.effects);
    trace.push({ rule: rule.name, effect: 'FOLLOWED_UP', note: followUp.note });
  }
  return { ...deliberation, policy: after, effects, trace };
}

/** The copy for the parent task run, which an earlier run of the batch may already have moved. */
export function copyToParent(
  {
    id: childFlowRunId,
    parentTaskRun,
    parentLaterTimestamps,
  }: Pick<FlowRunFacts, 'id' | 'parentTaskRun' | 'parentLaterTimestamps'>,
  state: State,
  earlier: ParentTaskRunTransition | undefined,
  call: Pick<CallFacts, 'now' | 'newStateId'>,
): ParentTaskRunTransition | null {
  if (parentTaskRun === null) return null;
  const { id: taskRunId, flowRunId } = parentTaskRun;
  const before = earlier?.columns ?? parentTaskRun;
  // Timestamps before the earlier copy are taken: it used the first free one.
  const from = earlier?.state.timestamp ?? call.now;
  const copy: State = {
    ...state,
    id: call.newStateId(),
    timestamp: freeTimestamp(from, before.stateTimestamp, parentLaterTimestamps),
    stateDetails: { ...state.stateDetails, flowRunId: flowRunId ?? undefined, taskRunId, childFlowRunId },
  };
  return { taskRunId, state: copy, columns: columnsAfter(before, copy, true) };
}

const isSamePolicy = (one: FlowRunPolicy, other: FlowRunPolicy): boolean =>
  one === other ||
  (one.resuming === other.resuming &&
    one.retryType === other.retryType &&
    one.retries === other.retries &&
    one.retryDelay === other.retryDelay &&
    one.pauseKeys.length === other.pauseKeys.length &&
    one.pauseKeys.every((key, index) => key === other.pauseKeys[index]));

/** Applies the effects to slots and leases, and returns what changed for the run. */
export function applyEffects(
  { deploymentId, state }: Pick<FlowRunFacts, 'deploymentId' | 'state'>,
  effects: readonly Effect[],
  tally: ConcurrencyTally,
): Pick<Decision, 'slot' | 'endedLease'> {
  const { deployments, leases } = tally.facts();
  const leaseId = state?.stateDetails.deploymentConcurrencyLeaseId;
  const activeSlots = () => (deploymentId && deployments.get(deploymentId)?.activeSlots) ?? 0;
  const standing = () => leaseId && leases.get(leaseId);
  const [slotsBefore, leaseBefore] = [activeSlots(), standing()];
  tally.apply(effects);
  const moved = activeSlots() - slotsBefore;
  const ended = standing() === undefined ? leaseBefore : undefined;
  return {
    slot: moved === 0 ? null : moved > 0 ? 'TAKEN' : 'FREED',
    endedLease: ended ? (ended === 'holding' ? 'HOLDING' : 'REVOKED') : null,
  };
}

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
      call.newStateId(),
      freeTimestamp(call.now, run.stateTimestamp, run.laterTimestamps),
    );
  const entered = state ? policyAfter(deliberation.policy, state) : deliberation.policy;
  const followed = followUps(policy, facts, { ...deliberation, policy: entered });
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
export interface BatchRequest {
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
