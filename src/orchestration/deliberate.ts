import type { RuleTrace, Verdict } from '../domain/decision';
import type { Facts } from '../domain/facts';
import type { FlowRunPolicy } from '../domain/flowRun';
import type { ProposedState } from '../domain/state';
import type { Effect, Policy, PolicyOutcome, RuleRefusal } from './rule';

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

/** Applies the rules in order until one rejects, aborts or waits. The effects of the rules before it are dropped. */
export function deliberate(policy: Policy, initial: Facts): Deliberation {
  let facts = initial;
  const effects: Effect[] = [];
  const trace: RuleTrace[] = [];
  let reached = 0;
  for (const rule of policy) {
    reached++;
    if (!rule.decide || !rule.from.has(facts.currentType) || !rule.to.has(facts.proposed.type)) continue;
    const ruleOutcome = rule.decide(facts);
    if (ruleOutcome === undefined) continue;
    if (ruleOutcome.kind === 'amend') {
      facts = {
        ...facts,
        proposed: ruleOutcome.proposed ?? facts.proposed,
        policy: { ...facts.policy, ...ruleOutcome.policy },
      };
      if (ruleOutcome.effects) effects.push(...ruleOutcome.effects);
      trace.push({ rule: rule.name, effect: 'AMENDED', note: ruleOutcome.note });
      continue;
    }
    trace.push({ rule: rule.name, effect: refusalEffects[ruleOutcome.kind], note: ruleOutcome.reason });
    const written = ruleOutcome.kind === 'reject' ? (ruleOutcome.state ?? null) : null;
    const policyAfterwards =
      ruleOutcome.kind === 'reject' ? { ...initial.policy, ...ruleOutcome.policy } : initial.policy;
    return {
      verdict: verdictOf(ruleOutcome),
      written,
      policy: policyAfterwards,
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

/** Applies what follows from the decision: the `followUp` of each rule whose time it is. */
export function applyFollowUps(policy: Policy, facts: Facts, deliberation: Deliberation): Deliberation {
  const { written, endedBy, reached, verdict } = deliberation;
  const outcome: PolicyOutcome = { written, endedBy };
  const effects = [...deliberation.effects];
  const trace = [...deliberation.trace];
  let after = deliberation.policy;
  let position = 0;
  for (const rule of policy) {
    position++;
    if (!rule.followUp || !rule.from.has(facts.currentType)) continue;
    const followedType = rule.after === 'writing' ? written?.type : facts.proposed.type;
    if (followedType === undefined || !rule.to.has(followedType)) continue;
    if (rule.after === 'acceptance' && verdict.status !== 'ACCEPT') continue;
    if (rule.after === 'deliberation' && position > reached) continue;
    const followUp = rule.followUp({ ...facts, policy: after }, outcome);
    if (followUp === undefined) continue;
    after = { ...after, ...followUp.policy };
    if (followUp.effects) effects.push(...followUp.effects);
    trace.push({ rule: rule.name, effect: 'FOLLOWED_UP', note: followUp.note });
  }
  return { ...deliberation, policy: after, effects, trace };
}
