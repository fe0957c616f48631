import type { CollisionStrategy, FlowRunPolicy, StateColumns } from './flowRun';
import type { DeploymentId, FlowRunId, LeaseId, StateId, TaskRunId } from './identifiers';
import type { Instant } from './instant';
import type { ProposedState, State, StateAuthor, StateType } from './state';

/** The task run that represents a subflow in its parent flow run. */
export interface ParentTaskRunFacts extends StateColumns {
  id: TaskRunId;
  flowRunId: FlowRunId | null;
}

/** The facts of one run that the rules may read. */
export interface FlowRunFacts extends StateColumns {
  id: FlowRunId;
  deploymentId: DeploymentId | null;
  parentTaskRunId: TaskRunId | null;
  infrastructurePid: string | null;
  policy: FlowRunPolicy;
  /** The current state; null if there is none. */
  state: State | null;
  /** null if the run is no subflow, or its task run is deleted. */
  parentTaskRun: ParentTaskRunFacts | null;
  /**
   * Timestamps at or after the start of the call that states of this run already have; those of its parent task run
   * likewise. A new state never reuses them.
   */
  laterTimestamps: readonly Instant[];
  parentLaterTimestamps: readonly Instant[];
}

/** The facts of a deployment, with its slots before this run is decided. */
export interface DeploymentFacts {
  id: DeploymentId;
  concurrencyLimit: number | null;
  collisionStrategy: CollisionStrategy;
  gracePeriodSeconds: number | null;
  activeSlots: number;
}

/** Whether a lease holds its slot, or expired and its slot was freed by the expired leases service. */
export type LeaseStanding = 'holding' | 'revoked';

/** The slots that the runs of a batch share, as the previous runs left them. Read them when the run is decided. */
export interface ConcurrencyFacts {
  deployments: ReadonlyMap<DeploymentId, DeploymentFacts>;
  /** The existing leases among those that states of this batch name. */
  leases: ReadonlyMap<LeaseId, LeaseStanding>;
}

/** The caller and the time; equal for all runs of a batch. */
export interface CallFacts {
  now: Instant;
  /** Who writes the states. */
  author: StateAuthor;
  /** Whether the caller renews its leases itself, as Prefect clients from 3.4.11 do. */
  callerRenewsLeases: boolean;
  /** The duration of a lease in seconds, if its deployment does not set one. */
  defaultLeaseSeconds: number;
  /** Seconds until a run without a free slot is retried. */
  slotWaitSeconds: number;
  newStateId: () => StateId;
  newLeaseId: () => LeaseId;
  newPauseKey: () => string;
}

/** All that a rule reads. `proposed` is the state after the previous rules. */
export interface Facts {
  run: FlowRunFacts;
  current: State | null;
  currentType: StateType | null;
  proposed: ProposedState;
  policy: FlowRunPolicy;
  concurrency: ConcurrencyFacts;
  call: CallFacts;
}
