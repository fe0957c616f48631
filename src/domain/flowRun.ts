import type { DeploymentId, FlowId, FlowRunId, StateId, TaskRunId } from './identifiers';
import type { Instant } from './instant';
import type { Json } from './json';
import type { StateType } from './state';

/** Who tries a failed run again: the process that it failed in, or a new one. */
export const retryTypes = ['in_process', 'reschedule'] as const;
export type RetryType = (typeof retryTypes)[number];

/** How a run retries, pauses and resumes. */
export interface FlowRunPolicy {
  /** How often a failed run is tried again; null: never. */
  retries: number | null;
  /** Seconds before it is tried again; null: at once. */
  retryDelay: number | null;
  /** The pauses that have fired, sorted, each once. */
  pauseKeys: readonly string[];
  /** Whether the next start goes on with what was begun, and so does not count as a new attempt. */
  resuming: boolean;
  retryType: RetryType | null;
}

/** The columns that every written state keeps in step: of a flow run, and of a subflow's parent task run. */
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
  /** Seconds spent RUNNING, in states already left. */
  totalRunTime: number;
}

/** The columns of a run that was never in a state. */
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

/** Who made a run. */
export interface CreatedBy {
  id: string | null;
  type: string | null;
  displayValue: string | null;
}

/** One run of a flow, as it stands in the database. */
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

/** How runs can be listed; ties are broken by id, newest first. */
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

/** How flows can be listed; ties are broken by id, newest first. */
export const flowSorts = ['CREATED_DESC', 'UPDATED_DESC', 'NAME_ASC', 'NAME_DESC'] as const;
export type FlowSort = (typeof flowSorts)[number];

/** The task run that stands for a subflow in its parent flow run. */
export interface TaskRun extends StateColumns {
  id: TaskRunId;
  name: string;
  /** The parent flow run; null where the task run stands alone. */
  flowRunId: FlowRunId | null;
  /** What the parent flow run calls it, to find it again when it is tried again: one task run has one pair of keys. */
  taskKey: string | null;
  dynamicKey: string | null;
  created: Instant;
  updated: Instant;
}

/** What a deployment does with a run for which no slot is free: let it wait, or cancel it. */
export const collisionStrategies = ['ENQUEUE', 'CANCEL_NEW'] as const;
export type CollisionStrategy = (typeof collisionStrategies)[number];

/** A flow made ready to run somewhere, and how many of its runs may run at once. */
export interface Deployment {
  id: DeploymentId;
  name: string;
  flowId: FlowId;
  /** null: any number at once. */
  concurrencyLimit: number | null;
  collisionStrategy: CollisionStrategy;
  /** How long a slot is kept without a renewal; null: the configured default. */
  gracePeriodSeconds: number | null;
  activeSlots: number;
  created: Instant;
  updated: Instant;
}

/** A flow: what runs are runs of. */
export interface Flow {
  id: FlowId;
  name: string;
  created: Instant;
  updated: Instant;
}
