import type { CollisionStrategy, FlowRunPolicy, StateColumns } from './flowRun';
import type { DeploymentId, FlowRunId, LeaseId, StateId, TaskRunId } from './identifiers';
import type { Instant } from './instant';
import type { ProposedState, State, StateType } from './state';

/** The task run that stands for a subflow in its parent flow run. */
export interface ParentTaskRunFacts extends StateColumns {
  id: TaskRunId;
  flowRunId: FlowRunId | null;
}

/** What the rules may know of one run. */
export interface FlowRunFacts extends StateColumns {
  id: FlowRunId;
  deploymentId: DeploymentId | null;
  parentTaskRunId: TaskRunId | null;
  infrastructurePid: string | null;
  policy: FlowRunPolicy;
  /** The state the run is in; null where it has none yet. */
  state: State | null;
  /** null where it is no subflow, or its task run is gone. */
  parentTaskRun: ParentTaskRunFacts | null;
  /**
   * Timestamps at or after the call's start that states of this run already have; those of its parent task run
   * likewise. A state is written beside them, never over them.
   */
  laterTimestamps: readonly Instant[];
  parentLaterTimestamps: readonly Instant[];
}

/** What the rules may know of a deployment, and of its slots as they stand at this run's turn. */
export interface DeploymentFacts {
  id: DeploymentId;
  concurrencyLimit: number | null;
  collisionStrategy: CollisionStrategy;
  gracePeriodSeconds: number | null;
  activeSlots: number;
}

/** Whether a lease still keeps its slot, or ended and had it freed by the service that looks after expired leases. */
export type LeaseStanding = 'holding' | 'revoked';

/**
 * The slots that the runs of a batch share, as the runs before this one left them. To be read at this run's turn.
 */
export interface ConcurrencyFacts {
  deployments: ReadonlyMap<DeploymentId, DeploymentFacts>;
  /** The leases that there are, of those that a state in this batch names. */
  leases: ReadonlyMap<LeaseId, LeaseStanding>;
}

/** Who asks, and when; the same for all runs of a batch. */
export interface CallFacts {
  now: Instant;
  /** Whether the caller keeps its leases alive by itself (Prefect clients from 3.4.11 on do). */
  callerRenewsLeases: boolean;
  /** Seconds a lease lives where its deployment does not say. */
  defaultLeaseSeconds: number;
  /** Seconds until a run that found no free slot is tried again. */
  slotWaitSeconds: number;
  newStateId: () => StateId;
  newLeaseId: () => LeaseId;
  newPauseKey: () => string;
}

/** All that one rule looks at. `proposed` is the state as the rules before it left it. */
export interface Facts {
  run: FlowRunFacts;
  current: State | null;
  currentType: StateType | null;
  proposed: ProposedState;
  policy: FlowRunPolicy;
  concurrency: ConcurrencyFacts;
  call: CallFacts;
}
