import type { ConcurrencyFacts, Facts } from '../domain/facts';
import type { FlowRunPolicy } from '../domain/flowRun';
import type { DeploymentId, LeaseId } from '../domain/identifiers';
import type { ProposedState } from '../domain/state';
import { type StateType, stateTypes } from '../domain/state';
import type { TransitionCode } from '../domain/transition';

/** A change beyond the state, which happens once the state is written. */
export type Effect =
  | { kind: 'takeSlot'; deploymentId: DeploymentId; leaseId: LeaseId; seconds: number }
  /** Takes a slot that no lease frees. */
  | { kind: 'holdSlot'; deploymentId: DeploymentId }
  | { kind: 'renewLease'; leaseId: LeaseId; seconds: number }
  | { kind: 'deleteLease'; leaseId: LeaseId }
  /** Records again that the slot of a lease was freed when it expired. */
  | { kind: 'recallRevokedLease'; leaseId: LeaseId; deploymentId: DeploymentId }
  | { kind: 'freeSlot'; deploymentId: DeploymentId };

/** Changes the proposed state or adds effects. The next rules still apply. */
interface Amendment {
  kind: 'amend';
  proposed?: ProposedState;
  policy?: Partial<FlowRunPolicy>;
  effects?: readonly Effect[];
  note: string;
}

/** Ends the decision without writing the proposed state. */
export type RuleRefusal =
  /** Writes `state` and `policy` instead. Without a state, nothing is written. */
  | {
      kind: 'reject';
      code: TransitionCode;
      reason: string;
      state?: ProposedState;
      policy?: Partial<FlowRunPolicy>;
    }
  | { kind: 'abort'; code: TransitionCode; reason: string }
  | { kind: 'wait'; code: TransitionCode; reason: string; delaySeconds: number };

/** The result of a rule; undefined if it has nothing to change. */
export type RuleOutcome = Amendment | RuleRefusal | undefined;

/** The decision, for the follow-ups of rules. */
export interface PolicyOutcome {
  /** The state that is written; null for none. */
  written: ProposedState | null;
  /** The rule that refused; null if the proposed state was accepted. */
  endedBy: string | null;
}

/** What follows from a decision. */
interface FollowUp {
  policy?: Partial<FlowRunPolicy>;
  effects?: readonly Effect[];
  note: string;
}

/**
 * One rule. It applies only if the current type of the run is in `from` and the proposed type is in `to`; after
 * writing, the written type.
 */
interface Rule {
  name: string;
  from: ReadonlySet<StateType | null>;
  to: ReadonlySet<StateType>;
  /** Whether it reads slots and leases, which must then be loaded and locked. */
  needsConcurrency?: true;
  decide?(facts: Facts): RuleOutcome;
  /**
   * When `followUp` applies: after the proposed state is accepted; after the decision reached this rule, whatever the
   * result; or after any state is written, that of a reject included.
   */
  after?: 'acceptance' | 'deliberation' | 'writing';
  followUp?(facts: Facts, outcome: PolicyOutcome): FollowUp | undefined;
}

/** An ordered list of rules. */
export type Policy = readonly Rule[];

/** These types only. */
export const only = <Type extends StateType | null>(...types: readonly Type[]): ReadonlySet<Type> =>
  new Set(types);

/** Any type. */
export const anyType: ReadonlySet<StateType> = new Set(stateTypes);

/** Any type, or no state. */
export const anyTypeOrNone: ReadonlySet<StateType | null> = new Set([...stateTypes, null]);

/** All types except these. */
export const allBut = (...types: readonly StateType[]): ReadonlySet<StateType> =>
  new Set(stateTypes.filter(type => !types.includes(type)));

/** Deletes the lease that a run held before, if that expired and only records that its slot was freed. */
export const forgetRevoked = (
  { leases }: ConcurrencyFacts,
  leaseId: LeaseId | undefined,
): readonly Effect[] =>
  leaseId && leases.get(leaseId) === 'revoked' ? [{ kind: 'deleteLease', leaseId }] : [];

/** Creates an immutable rule. */
export const rule = (definition: Rule): Rule => Object.freeze(definition);

/** Whether a policy needs slots and leases for a transition between these types. */
export const needsConcurrency = (policy: Policy, from: StateType | null, to: StateType): boolean =>
  policy.some(candidate => candidate.needsConcurrency && candidate.from.has(from) && candidate.to.has(to));
