import type { FlowRunPolicy, StateColumns } from './flowRun';
import type { DeploymentId, FlowRunId, LeaseId, TaskRunId } from './identifiers';
import type { State } from './state';
import type { TransitionCode } from './transition';

/** The decision on one run. */
export type Verdict =
  | { status: 'ACCEPT' }
  | { status: 'REJECT'; code: TransitionCode; reason: string }
  | { status: 'ABORT'; code: TransitionCode; reason: string }
  | { status: 'WAIT'; code: TransitionCode; reason: string; delaySeconds: number };

/** The effect of a rule. */
export type RuleEffect = 'AMENDED' | 'REJECTED' | 'ABORTED' | 'DELAYED' | 'FOLLOWED_UP';

/** A rule that had an effect, with a note for people. */
export interface RuleTrace {
  rule: string;
  effect: RuleEffect;
  note: string | null;
}

/** The copy of a subflow's state for its parent task run. */
export interface ParentTaskRunTransition {
  taskRunId: TaskRunId;
  state: State;
  /** The columns after the whole batch: equal for all runs that share a parent task run. */
  columns: StateColumns;
}

/** A state to write, and the columns that follow from it. */
interface Transition {
  /** The state with its data as stored: null if the data is unpersisted. */
  state: State;
  previousState: State | null;
  columns: StateColumns;
  parentTaskRun: ParentTaskRunTransition | null;
}

/** The whole result for one run. */
export interface Decision {
  flowRunId: FlowRunId;
  verdict: Verdict;
  /** The state after the decision, unpersisted data included; null if the run has none. */
  state: State | null;
  trace: readonly RuleTrace[];
  /** null if no state is written. */
  transition: Transition | null;
  /** The policy after the decision; null if it does not change. */
  policy: FlowRunPolicy | null;
  /** The change of the deployment's slots; null for none. */
  slot: 'TAKEN' | 'FREED' | null;
  /**
   * The lease of the previous state that the decision ends: `holding` if it held a slot, `revoked` if it had lost it.
   */
  endedLease: 'HOLDING' | 'REVOKED' | null;
}

/** A lease to create. */
export interface NewLease {
  id: LeaseId;
  deploymentId: DeploymentId;
  /** Seconds from now until it expires unless renewed. */
  seconds: number;
  /** Set if its slot is free already: the lease then only records that. */
  revoked?: true;
}

/** The changes of slots and leases by all runs of a batch together. */
export interface ConcurrencyChanges {
  /** The change of each deployment's active slots; deployments without a change are absent. */
  slots: ReadonlyMap<DeploymentId, number>;
  createdLeases: readonly NewLease[];
  renewedLeases: ReadonlyMap<LeaseId, number>;
  deletedLeases: readonly LeaseId[];
}

/** The decisions in the order of the runs, and their common changes. */
export interface BatchDecision {
  decisions: readonly Decision[];
  concurrency: ConcurrencyChanges;
}
