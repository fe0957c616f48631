import type { FlowRunPolicy, StateColumns } from './flowRun';
import type { DeploymentId, FlowRunId, LeaseId, TaskRunId } from './identifiers';
import type { State } from './state';
import type { TransitionCode } from './transition';

/** What was decided about one run. */
export type Verdict =
  | { status: 'ACCEPT' }
  | { status: 'REJECT'; code: TransitionCode; reason: string }
  | { status: 'ABORT'; code: TransitionCode; reason: string }
  | { status: 'WAIT'; code: TransitionCode; reason: string; delaySeconds: number };

/** What a rule that spoke did. */
export type RuleEffect = 'AMENDED' | 'REJECTED' | 'ABORTED' | 'DELAYED' | 'FOLLOWED_UP';

/** One rule that spoke, in human words where there is something to add. */
export interface RuleTrace {
  rule: string;
  effect: RuleEffect;
  note: string | null;
}

/** The copy of a subflow's state that its parent task run gets. */
export interface ParentTaskRunTransition {
  taskRunId: TaskRunId;
  state: State;
  /** As the whole batch leaves them: runs that share a parent task run all name the same. */
  columns: StateColumns;
}

/** A state to be written, and the columns that follow from it. */
export interface Transition {
  /** With its data as it is to be stored: null where the data is unpersisted. */
  state: State;
  previousState: State | null;
  columns: StateColumns;
  parentTaskRun: ParentTaskRunTransition | null;
}

/** All that follows for one run. */
export interface Decision {
  flowRunId: FlowRunId;
  verdict: Verdict;
  /** The state the run is in after the decision, unpersisted data included; null where it has none. */
  state: State | null;
  trace: readonly RuleTrace[];
  /** null: no state is written. */
  transition: Transition | null;
  /** The policy after the decision; null where it stays as it was. */
  policy: FlowRunPolicy | null;
  /** What the decision does to the slots of the run's deployment; null: nothing. */
  slot: 'TAKEN' | 'FREED' | null;
  /** What the lease was that the decision ends, that of the state before: one on a slot, or one that had lost it. */
  endedLease: 'HOLDING' | 'REVOKED' | null;
}

/** A lease to be made. */
export interface NewLease {
  id: LeaseId;
  deploymentId: DeploymentId;
  /** Seconds from now until it ends unless it is renewed. */
  seconds: number;
  /** Set where its slot was freed already, so that it only remembers that. */
  revoked?: true;
}

/** What a batch does to slots and leases, all its runs together. */
export interface ConcurrencyChanges {
  /** By how much each deployment's active slots change; deployments without a change are left out. */
  slots: ReadonlyMap<DeploymentId, number>;
  createdLeases: readonly NewLease[];
  renewedLeases: ReadonlyMap<LeaseId, number>;
  deletedLeases: readonly LeaseId[];
}

/** The decisions in the order of the runs, and what they do together. */
export interface BatchDecision {
  decisions: readonly Decision[];
  concurrency: ConcurrencyChanges;
}
