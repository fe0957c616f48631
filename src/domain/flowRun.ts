import type { DeploymentId, FlowId, FlowRunId, StateId, TaskRunId } from './identifiers';
import type { Instant } from './instant';
import type { Json } from './json';
import type { StateType } from './state';

/** What runs belong to: their flow, their deployment, or the run whose tasks started them. */
export type FlowRunOwner =
  | { kind: 'flow'; id: FlowId }
  | { kind: 'deployment'; id: DeploymentId }
  | { kind: 'parent'; id: FlowRunId };

/** Who retries a failed run: the process in which it failed, or a new one. */
export const retryTypes = ['in_process', 'reschedule'] as const;
export type RetryType = (typeof retryTypes)[number];

/** How a run retries, pauses and resumes. */
export interface FlowRunPolicy {
  /** The number of retries; null for none. */
  retries: number | null;
  /** The delay before a retry in seconds; null for none. */
  retryDelay: number | null;
  /** The keys of the pauses that have fired, sorted and distinct. */
  pauseKeys: readonly string[];
  /** Whether the next start continues the current attempt and does not count as a new one. */
  resuming: boolean;
  retryType: RetryType | null;
}

/** The columns that each written state updates, of a flow run or of a subflow's parent task run. */
export interface StateColumns {
  stateId: StateId | null;
  stateType: StateType | null;
  stateName: string | null;
  stateTimestamp: Instant | null;
  runCount: number;
  startTime: Instant | null;
  endTime: Instant | null;
  expectedStartTime: Instant | null;
  nextScheduledStartTime: Instant | null;
  /** Seconds spent RUNNING, in past states. */
  totalRunTime: number;
}

/** The columns of a run that never had a state. */
export const noStateColumns: Readonly<StateColumns> = {
  stateId: null,
  stateType: null,
  stateName: null,
  stateTimestamp: null,
  runCount: 0,
  startTime: null,
  endTime: null,
  expectedStartTime: null,
  nextScheduledStartTime: null,
  totalRunTime: 0,
};

/** Who created a run. */
export interface CreatedBy {
  id: string | null;
  type: string | null;
  displayValue: string | null;
}

/** One run of a flow, as stored. */
export interface FlowRun extends StateColumns {
  id: FlowRunId;
  name: string;
  flowId: FlowId;
  deploymentId: DeploymentId | null;
  workQueueName: string | null;
  flowVersion: string | null;
  tags: readonly string[];
  parameters: Json;
  idempotencyKey: string | null;
  parentTaskRunId: TaskRunId | null;
  createdBy: CreatedBy | null;
  infrastructurePid: string | null;
  policy: FlowRunPolicy;
  created: Instant;
  updated: Instant;
}

/** The sort orders of runs. Ties are sorted by id, newest first. */
export const flowRunSorts = [
  'ID_DESC',
  'START_TIME_ASC',
  'START_TIME_DESC',
  'EXPECTED_START_TIME_ASC',
  'EXPECTED_START_TIME_DESC',
  'NAME_ASC',
  'NAME_DESC',
  'NEXT_SCHEDULED_START_TIME_ASC',
  'END_TIME_DESC',
] as const;
export type FlowRunSort = (typeof flowRunSorts)[number];

/** The sort orders of flows. Ties are sorted by id, newest first. */
export const flowSorts = ['CREATED_DESC', 'UPDATED_DESC', 'NAME_ASC', 'NAME_DESC'] as const;
export type FlowSort = (typeof flowSorts)[number];

/** The task run that represents a subflow in its parent flow run. */
export interface TaskRun extends StateColumns {
  id: TaskRunId;
  name: string;
  /** The parent flow run; null if there is none. */
  flowRunId: FlowRunId | null;
  /**
   * The keys by which a retried parent flow run finds its task run again. Each pair of keys belongs to one task run.
   */
  taskKey: string | null;
  dynamicKey: string | null;
  created: Instant;
  updated: Instant;
}

/** What happens to a run without a free slot: it waits, or it is cancelled. */
export const collisionStrategies = ['ENQUEUE', 'CANCEL_NEW'] as const;
export type CollisionStrategy = (typeof collisionStrategies)[number];

/** A deployment of a flow, with its concurrency limit. */
export interface Deployment {
  id: DeploymentId;
  name: string;
  flowId: FlowId;
  /** null for no limit. */
  concurrencyLimit: number | null;
  collisionStrategy: CollisionStrategy;
  /** The duration of a lease without a renewal, in seconds; null for the configured default. */
  gracePeriodSeconds: number | null;
  activeSlots: number;
  created: Instant;
  updated: Instant;
}

/** A flow. */
export interface Flow {
  id: FlowId;
  name: string;
  created: Instant;
  updated: Instant;
}
