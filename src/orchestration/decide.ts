import type { FlowRunPolicy } from '../domain/flowRun';
import type { FlowRunId } from '../domain/identifiers';
import type { Instant } from '../domain/instant';
import type { Json } from '../domain/json';
import { defaultStateName, type ProposedState, type StateDetails, type StateType } from '../domain/state';
import { columnsAfter, freeTimestamp, policyAfter, stateOf, stored } from './bookkeeping';
import { type ConcurrencyTally, createTally } from './concurrency';
import type {
  BatchDecision,
  Decision,
  ParentTaskRunTransition,
  RuleTrace,
  Transition,
  Verdict,
} from './decision';
import type { CallFacts, ConcurrencyFacts, Facts, FlowRunFacts } from './facts';
import { corePolicy, minimalPolicy } from './policies';
import type { Effect, Outcome, Policy, Refusal } from './rule';

/** A state as a caller proposes it. */
export interface StateProposal {
  type: StateType;
  name?: string;
  message?: string;
  data?: Json;
  stateDetails?: StateDetails;
}

/** Fills in what a proposal leaves open: the name of its type, and for a SCHEDULED state the present. */
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

/** How the deliberation over one run went. */
interface Deliberation {
  verdict: Verdict;
  written: ProposedState | null;
  policy: FlowRunPolicy;
  effects: readonly Effect[];
  trace: RuleTrace[];
  endedBy: string | null;
  /** How many rules of the policy were reached. */
  reached: number;
}

const verdictOf = (refusal: Refusal): Verdict => {
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

/** Lets the rules speak in order until one refuses. What was prepared before a refusal never happens. */
function deliberate(policy: Policy, initial: Facts): Deliberation {
  let facts = initial;
  const effects: Effect[] = [];
  const trace: RuleTrace[] = [];
  for (const [position, rule] of policy.entries()) {
    if (!rule.decide || !rule.from.has(facts.currentType) || !rule.to.has(facts.proposed.type)) continue;
    const answer = rule.decide(facts);
    if (answer === undefined) continue;
    if (answer.kind === 'amend') {
      facts = {
        ...facts,
        proposed: answer.proposed ?? facts.proposed,
        policy: { ...facts.policy, ...answer.policy },
      };
      if (answer.effects) effects.push(...answer.effects);
      trace.push({ rule: rule.name, effect: 'AMENDED', note: answer.note });
      continue;
    }
    trace.push({ rule: rule.name, effect: refusalEffects[answer.kind], note: answer.reason });
    const written = answer.kind === 'reject' ? (answer.state ?? null) : null;
    const kept = answer.kind === 'reject' ? { ...initial.policy, ...answer.policy } : initial.policy;
    return {
      verdict: verdictOf(answer),
      written,
      policy: kept,
      effects: [],
      trace,
      endedBy: rule.name,
      reached: position + 1,
    };
  }
  return {
    verdict: { status: 'ACCEPT' },
    written: facts.proposed,
    policy: facts.policy,
    effects,
    trace,
    endedBy: null,
    reached: policy.length,
  };
}

/** Lets the rules that look back speak, each in its time. */
function followUps(policy: Policy, facts: Facts, deliberation: Deliberation): Deliberation {
  const { written, endedBy, reached, verdict } = deliberation;
  const outcome: Outcome = { written, endedBy };
  const effects = [...deliberation.effects];
  const trace = [...deliberation.trace];
  let after = deliberation.policy;
  for (const [position, rule] of policy.entries()) {
    if (!rule.followUp || !rule.from.has(facts.currentType)) continue;
    const looksAt = rule.after === 'writing' ? written?.type : facts.proposed.type;
    if (looksAt === undefined || !rule.to.has(looksAt)) continue;
    if (rule.after === 'acceptance' && verdict.status !== 'ACCEPT') continue;
    if (rule.after === 'deliberation' && position >= reached) continue;
    const followUp = rule.followUp({ ...facts, policy: after }, outcome);
    if (followUp === undefined) continue;
    after = { ...after, ...followUp.policy };
    if (followUp.effects) effects.push(...followUp.effects);
    trace.push({ rule: rule.name, effect: 'FOLLOWED_UP', note: followUp.note });
  }
  return { ...deliberation, policy: after, effects, trace };
}

function parentTransition(
  { parentTaskRun, ...run }: FlowRunFacts,
  transition: Transition,
  call: CallFacts,
): ParentTaskRunTransition | null {
  if (parentTaskRun === null) return null;
  const { id: taskRunId, flowRunId: parentFlowRunId } = parentTaskRun;
  const state = {
    ...transition.state,
    id: call.newStateId(),
    timestamp: freeTimestamp(call.now, parentTaskRun.stateTimestamp, run.parentLaterTimestamps),
    stateDetails: {
      ...transition.state.stateDetails,
      flowRunId: parentFlowRunId ?? undefined,
      taskRunId,
      childFlowRunId: run.id,
    },
  };
  return { taskRunId, state, columns: columnsAfter(parentTaskRun, state, true) };
}

const isSamePolicy = (one: FlowRunPolicy, other: FlowRunPolicy): boolean =>
  one === other ||
  (one.resuming === other.resuming &&
    one.retryType === other.retryType &&
    one.retries === other.retries &&
    one.retryDelay === other.retryDelay &&
    one.pauseKeys.length === other.pauseKeys.length &&
    one.pauseKeys.every((key, index) => key === other.pauseKeys[index]));

/** Decides one run, and enters into the tally what it takes and frees. */
function decide(
  policy: Policy,
  run: FlowRunFacts,
  proposed: ProposedState,
  call: CallFacts,
  tally: ConcurrencyTally,
): Decision {
  const { state: current } = run;
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
  if (written === null) {
    const { verdict, trace, policy: after, effects } = followUps(policy, facts, deliberation);
    tally.apply(effects);
    return {
      flowRunId: run.id,
      verdict,
      state: current,
      trace,
      transition: null,
      policy: isSamePolicy(after, run.policy) ? null : after,
    };
  }
  const timestamp = freeTimestamp(call.now, run.stateTimestamp, run.laterTimestamps);
  const state = stateOf(written, run, call.newStateId(), timestamp);
  const entered = { ...deliberation, policy: policyAfter(deliberation.policy, state) };
  const { verdict, trace, policy: after, effects } = followUps(policy, facts, entered);
  const transition: Transition = {
    state: stored(state),
    previousState: current,
    columns: columnsAfter(run, state, !deliberation.policy.resuming),
    parentTaskRun: null,
  };
  transition.parentTaskRun = parentTransition(run, transition, call);
  tally.apply(effects);
  return {
    flowRunId: run.id,
    verdict,
    state,
    trace,
    transition,
    policy: isSamePolicy(after, run.policy) ? null : after,
  };
}

/** Many runs, and one state that is proposed to each. */
export interface BatchRequest {
  /** In the order in which they are decided: each sees the slots that those before it took. */
  runs: readonly FlowRunFacts[];
  proposed: StateProposal;
  /** Whether the minimal policy decides, instead of the core policy. */
  force: boolean;
  concurrency: ConcurrencyFacts;
  call: CallFacts;
  /** Told where the decision of a run failed; the run is then answered with INTERNAL_ERROR, and nothing of it happens. */
  onError: (flowRunId: FlowRunId, error: unknown) => void;
}

/** Decides all runs of a batch, one after the other. */
export function decideBatch({
  runs,
  proposed,
  force,
  concurrency,
  call,
  onError,
}: BatchRequest): BatchDecision {
  const policy = force ? minimalPolicy : corePolicy;
  const complete = completeProposal(proposed, call.now);
  const tally = createTally(concurrency);
  const decisions = runs.map((run): Decision => {
    try {
      return decide(policy, run, complete, call, tally);
    } catch (error) {
      onError(run.id, error);
      const reason = 'The run could not be decided; nothing of it was written.';
      const verdict: Verdict = { status: 'ABORT', code: 'INTERNAL_ERROR', reason };
      return { flowRunId: run.id, verdict, state: null, trace: [], transition: null, policy: null };
    }
  });
  return { decisions, concurrency: tally.changes() };
}
