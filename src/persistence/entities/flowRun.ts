import type { FlowRun, RetryType } from '../../domain/flowRun';
import type { DeploymentId, FlowId, FlowRunId, StateId, TaskRunId } from '../../domain/identifiers';
import type { Json } from '../../domain/json';
import type { StateType } from '../../domain/state';
import {
  flag,
  instant,
  integer,
  json,
  nullable,
  primary,
  type RawRow,
  type RowOf,
  rowReader,
  seconds,
  TableSchema,
  text,
  uuid,
  word,
} from './columns';
import { lowered } from './lowered';

/** The columns that follow from the state, of flow runs and task runs. */
export const runStateColumns = {
  stateId: nullable(uuid<StateId>('state_id')),
  stateType: nullable(word<StateType>('state_type')),
  stateName: nullable(text('state_name')),
  stateTimestamp: nullable(instant('state_timestamp')),
  runCount: integer('run_count'),
  startTime: nullable(instant('start_time')),
  endTime: nullable(instant('end_time')),
  expectedStartTime: nullable(instant('expected_start_time')),
  nextScheduledStartTime: nullable(instant('next_scheduled_start_time')),
  totalRunTime: seconds('total_run_time'),
};

/** How a run retries, pauses and resumes. */
export const policyColumns = {
  retries: nullable(integer('retries')),
  retryDelay: nullable(integer('retry_delay')),
  pauseKeys: json<readonly string[]>('pause_keys'),
  resuming: flag('resuming'),
  retryType: nullable(word<RetryType>('retry_type')),
};

export const FlowRunEntity = new TableSchema('FlowRun', 'flow_run', {
  id: primary(uuid<FlowRunId>('id')),
  name: text('name'),
  /** The name for `name: {like}`: databases disagree on lower case, so the application computes it. */
  nameLowered: text('name_lowered', 1024),
  flowId: uuid<FlowId>('flow_id'),
  deploymentId: nullable(uuid<DeploymentId>('deployment_id')),
  workQueueName: nullable(text('work_queue_name')),
  flowVersion: nullable(text('flow_version')),
  tags: json<readonly string[]>('tags'),
  parameters: json<Json>('parameters'),
  idempotencyKey: nullable(text('idempotency_key', 512)),
  parentTaskRunId: nullable(uuid<TaskRunId>('parent_task_run_id')),
  /** Whether it is known who made the run: a creator without an id or a type is not the same as none. */
  hasCreator: flag('has_creator'),
  createdById: nullable(uuid('created_by_id')),
  createdByType: nullable(text('created_by_type')),
  createdByDisplayValue: nullable(text('created_by_display_value', 1024)),
  infrastructurePid: nullable(text('infrastructure_pid', 1024)),
  ...runStateColumns,
  /** Start time, else expected start time, for filters and sorts by start time. */
  effectiveStartTime: { ...nullable(instant('effective_start_time')), generated: true },
  ...policyColumns,
  created: instant('created'),
  updated: instant('updated'),
});
/** A row of the table of flow runs. */
export type FlowRunRow = RowOf<typeof FlowRunEntity.columns>;

/** One row for each tag of each run; `flow_run.tags` stores their order, this table makes them searchable. */
export const FlowRunTagEntity = new TableSchema('FlowRunTag', 'flow_run_tag', {
  flowRunId: primary(uuid<FlowRunId>('flow_run_id')),
  tag: primary(text('tag')),
});

const readFlowRun = rowReader(FlowRunEntity.columns);

/** The run that a row holds. */
export function flowRunOf(row: RawRow): FlowRun {
  const {
    nameLowered,
    hasCreator,
    createdById,
    createdByType,
    createdByDisplayValue,
    effectiveStartTime,
    ...run
  } = readFlowRun(row);
  const { retries, retryDelay, pauseKeys, resuming, retryType, ...columns } = run;
  return {
    ...columns,
    createdBy: hasCreator
      ? { id: createdById, type: createdByType, displayValue: createdByDisplayValue }
      : null,
    policy: { retries, retryDelay, pauseKeys, resuming, retryType },
  };
}

/** The row that holds a run. */
export function flowRunRowOf({ createdBy, policy, ...run }: FlowRun): FlowRunRow {
  return {
    ...run,
    ...policy,
    nameLowered: lowered(run.name),
    hasCreator: createdBy !== null,
    createdById: createdBy?.id ?? null,
    createdByType: createdBy?.type ?? null,
    createdByDisplayValue: createdBy?.displayValue ?? null,
    effectiveStartTime: run.startTime ?? run.expectedStartTime,
  };
}
