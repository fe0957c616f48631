import type { FlowRun, RetryType } from '../../domain/flowRun';
import type { DeploymentId, FlowId, FlowRunId, StateId, TaskRunId } from '../../domain/identifiers';
import type { Json } from '../../domain/json';
import type { StateType } from '../../domain/state';
import {
  entity,
  flag,
  instant,
  json,
  nullableInstant,
  nullableNumber,
  nullableText,
  number,
  primaryId,
  type RawRow,
  type RowOf,
  rowReader,
  text,
} from './columns';

/** The columns that bookkeeping keeps in step with the state, of flow runs and task runs alike. */
export const stateKeepingColumns = {
  stateId: nullableText<StateId>('state_id'),
  stateType: nullableText<StateType>('state_type'),
  stateName: nullableText('state_name'),
  stateTimestamp: nullableInstant('state_timestamp'),
  runCount: number('run_count'),
  startTime: nullableInstant('start_time'),
  endTime: nullableInstant('end_time'),
  expectedStartTime: nullableInstant('expected_start_time'),
  nextScheduledStartTime: nullableInstant('next_scheduled_start_time'),
  totalRunTime: number('total_run_time', 'double'),
};

/** How a run retries, pauses and resumes. */
export const policyColumns = {
  retries: nullableNumber('retries'),
  retryDelay: nullableNumber('retry_delay'),
  pauseKeys: json<readonly string[]>('pause_keys'),
  resuming: flag('resuming'),
  retryType: nullableText<RetryType>('retry_type'),
};

export const flowRunColumns = {
  id: primaryId<FlowRunId>('id'),
  name: text('name'),
  /** The name as `name: {like}` looks at it: databases disagree on lower case, so the application computes it. */
  nameLowered: text('name_lowered'),
  flowId: text<FlowId>('flow_id'),
  deploymentId: nullableText<DeploymentId>('deployment_id'),
  workQueueName: nullableText('work_queue_name'),
  flowVersion: nullableText('flow_version'),
  tags: json<readonly string[]>('tags'),
  parameters: json<Json>('parameters'),
  idempotencyKey: nullableText('idempotency_key'),
  parentTaskRunId: nullableText<TaskRunId>('parent_task_run_id'),
  /** Whether it is known who made the run: a creator without an id or a type is not the same as none. */
  hasCreator: flag('has_creator'),
  createdById: nullableText('created_by_id'),
  createdByType: nullableText('created_by_type'),
  createdByDisplayValue: nullableText('created_by_display_value'),
  infrastructurePid: nullableText('infrastructure_pid'),
  ...stateKeepingColumns,
  /** Start time, else expected start time: what filters and sorts by start time look at. */
  effectiveStartTime: { ...nullableInstant('effective_start_time'), generated: true },
  ...policyColumns,
  created: instant('created'),
  updated: instant('updated'),
};
/** A row of the table of flow runs. */
export type FlowRunRow = RowOf<typeof flowRunColumns>;
export const FlowRunEntity = entity('FlowRun', 'flow_run', flowRunColumns);

/** One row for each tag of each run; `flow_run.tags` keeps their order, this table makes them findable. */
export const flowRunTagColumns = { flowRunId: primaryId<FlowRunId>('flow_run_id'), tag: primaryId('tag') };
export const FlowRunTagEntity = entity('FlowRunTag', 'flow_run_tag', flowRunTagColumns);

/** Lower case code point by code point, so that a letter's place in a word does not matter. */
export const lowered = (name: string): string => Array.from(name, letter => letter.toLowerCase()).join('');

const readFlowRun = rowReader(flowRunColumns);

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
