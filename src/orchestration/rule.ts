import type { ConcurrencyFacts, Facts } from '../domain/facts';
import type { FlowRunPolicy } from '../domain/flowRun';
import type { DeploymentId, LeaseId } from '../domain/identifiers';
import type { ProposedState } from '../domain/state';
import { type StateType, stateTypes } from '../domain/state';
import type { TransitionCode } from '../domain/transition';

/** What is to be done beyond the state, once it is sure that it is written. */
export type Effect =
  | { kind: 'takeSlot'; deploymentId: DeploymentId; leaseId: LeaseId; seconds: number }
  /** Takes a slot that no lease gives back by itself. */
  | { kind: 'holdSlot'; deploymentId: DeploymentId }
  | { kind: 'renewLease'; leaseId: LeaseId; seconds: number }
  | { kind: 'deleteLease'; leaseId: LeaseId }
  /** Remembers again that the slot of a lease was freed when it ended. */
  | { kind: 'recallRevokedLease'; leaseId: LeaseId; deploymentId: DeploymentId }
  | { kind: 'freeSlot'; deploymentId: DeploymentId };

/** A change of the proposed state, or of what goes with it; the rules after it still speak. */
export interface Amendment {
  kind: 'amend';
  proposed?: ProposedState;
  policy?: Partial<FlowRunPolicy>;
  effects?: readonly Effect[];
  note: string;
}

/** The end of the deliberation, without the proposed state being written. */
export type Refusal =
  /** `state` is written instead, `policy` with it; without a state nothing is written. */
  | {
      kind: 'reject';
      code: TransitionCode;
      reason: string;
      state?: ProposedState;
      policy?: Partial<FlowRunPolicy>;
    }
  | { kind: 'abort'; code: TransitionCode; reason: string }
  | { kind: 'wait'; code: TransitionCode; reason: string; delaySeconds: number };

/** What a rule says; undefined: it has nothing to say. */
export type Answer = Amendment | Refusal | undefined;

/** What was decided, for the rules that look back at it. */
export interface Outcome {
  /** The state that is written; null: none is. */
  written: ProposedState | null;
  /** The rule that ended the deliberation; null: the proposed state was accepted. */
  endedBy: string | null;
}

/** What follows from a decision. */
export interface FollowUp {
  policy?: Partial<FlowRunPolicy>;
  effects?: readonly Effect[];
  note: string;
}

/**
 * One rule. It speaks only where the run's current type is in `from` and the type that it looks at is in `to`: the
 * proposed one, or after writing the written one.
 */
export interface Rule {
  name: string;
  from: ReadonlySet<StateType | null>;
  to: ReadonlySet<StateType>;
  /** Whether it looks at slots and leases, which must then be loaded and held. */
  needsConcurrency?: true;
  decide?(facts: Facts): Answer;
  /**
   * When `followUp` speaks: once the proposed state was accepted; once the deliberation came as far as this rule,
   * however it ended; or once any state is written, that of a reject included.
   */
  after?: 'acceptance' | 'deliberation' | 'writing';
  followUp?(facts: Facts, outcome: Outcome): FollowUp | undefined;
}

/** An ordered list of rules. */
export type Policy = readonly Rule[];

/** From or to any of these. */
export const only = <Type extends StateType | null>(...types: readonly Type[]): ReadonlySet<Type> =>
  new Set(types);

/** To whatever state. */
export const anyType: ReadonlySet<StateType> = new Set(stateTypes);

/** From whatever state, or from none. */
export const anyTypeOrNone: ReadonlySet<StateType | null> = new Set([...stateTypes, null]);

/** To or from whatever state but these. */
export const allBut = (...types: readonly StateType[]): ReadonlySet<StateType> =>
  new Set(stateTypes.filter(type => !types.includes(type)));

/** Deletes the lease that a run held before, where it ended and only remembers that its slot was freed. */
export const forgetRevoked = (
  { leases }: ConcurrencyFacts,
  leaseId: LeaseId | undefined,
): readonly Effect[] =>
  leaseId && leases.get(leaseId) === 'revoked' ? [{ kind: 'deleteLease', leaseId }] : [];

/** Makes a rule that nobody can change. */
export const rule = (definition: Rule): Rule => Object.freeze(definition);

/** Whether a transition between these types is one that a policy needs slots and leases for. */
export const needsConcurrency = (policy: Policy, from: StateType | null, to: StateType): boolean =>
  policy.some(candidate => candidate.needsConcurrency && candidate.from.has(from) && candidate.to.has(to));
