import type { Extras } from '../../domain/extras';
import type { Field } from '../../domain/fields';
import type { Deployment, Flow, FlowRun, StateColumns, TaskRun } from '../../domain/flowRun';
import { type Instant, secondsBetween } from '../../domain/instant';
import { type Json, objectIn } from '../../domain/json';
import { isTerminal, type State } from '../../domain/state';
import { type StateDetails, stateDetails } from '../../domain/stateDetails';

type Wire = { readonly [key: string]: Json };

/** The name of a field in the REST API. */
export const snakeCase = (key: string): string => key.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);

const detailsOnWire = Object.entries<Field>(stateDetails.fields).map(
  ([name, { whenAbsent = null }]) =>
    [name as keyof StateDetails, snakeCase(name), whenAbsent as Json] as const,
);

/** A state on the wire. */
export const stateToWire = ({
  id,
  type,
  name,
  timestamp,
  message,
  data,
  stateDetails: details,
}: State): Wire => ({
  id,
  type,
  name,
  timestamp,
  message,
  data,
  state_details: Object.fromEntries(
    detailsOnWire.map(([key, wireName, whenAbsent]) => [wireName, details[key] ?? whenAbsent]),
  ),
});

/** Seconds between when a run was to start and when it did, or now; none where that has not come, or it never started. */
function startDelta(
  { startTime, expectedStartTime, endTime, stateType }: StateColumns,
  now: Instant,
): number {
  if (expectedStartTime === null) return 0;
  if (startTime !== null) return Math.max(0, secondsBetween(expectedStartTime, startTime));
  if (endTime !== null || isTerminal(stateType)) return 0;
  return Math.max(0, secondsBetween(expectedStartTime, now));
}

const columnsToWire = (run: StateColumns, now: Instant): Wire => {
  const running =
    run.stateType === 'RUNNING' && run.stateTimestamp !== null ? secondsBetween(run.stateTimestamp, now) : 0;
  return {
    state_id: run.stateId,
    state_type: run.stateType,
    state_name: run.stateName,
    run_count: run.runCount,
    expected_start_time: run.expectedStartTime,
    next_scheduled_start_time: run.nextScheduledStartTime,
    start_time: run.startTime,
    end_time: run.endTime,
    total_run_time: run.totalRunTime,
    estimated_run_time: run.totalRunTime + running,
    estimated_start_time_delta: startDelta(run, now),
  };
};

/** Those of the labels that follow from what a thing belongs to. */
const systemLabels = (of: Readonly<Record<string, string | null | undefined>>): Wire =>
  Object.fromEntries(Object.entries(of).flatMap(([name, id]) => (id ? [[`prefect.${name}.id`, id]] : [])));

/** A run in the REST API, with its current state. Unsupported fields are null or empty. */
export const flowRunToWire = (run: FlowRun, state: State | null, extras: Extras, now: Instant): Wire => ({
  id: run.id,
  created: run.created,
  updated: run.updated,
  name: run.name,
  flow_id: run.flowId,
  deployment_id: run.deploymentId,
  deployment_version: null,
  work_queue_id: null,
  work_queue_name: run.workQueueName,
  work_pool_id: null,
  work_pool_name: extras.work_pool_name ?? null,
  flow_version: run.flowVersion,
  parameters: run.parameters,
  idempotency_key: run.idempotencyKey,
  context: extras.context ?? {},
  empirical_policy: {
    max_retries: 0,
    retry_delay_seconds: 0,
    ...objectIn(extras.empirical_policy),
    retries: run.policy.retries,
    retry_delay: run.policy.retryDelay,
    pause_keys: run.policy.pauseKeys,
    resuming: run.policy.resuming,
    retry_type: run.policy.retryType,
  },
  tags: run.tags,
  labels: {
    ...systemLabels({ flow: run.flowId, deployment: run.deploymentId }),
    ...objectIn(extras.labels),
  },
  parent_task_run_id: run.parentTaskRunId,
  ...columnsToWire(run, now),
  auto_scheduled: false,
  infrastructure_document_id: extras.infrastructure_document_id ?? null,
  infrastructure_pid: run.infrastructurePid,
  created_by: run.createdBy && {
    id: run.createdBy.id,
    type: run.createdBy.type,
    display_value: run.createdBy.displayValue,
  },
  job_variables: extras.job_variables ?? {},
  state: state && stateToWire(state),
});

/** A task run of a flow run on the wire, with the state it is in. */
export const taskRunToWire = (
  run: TaskRun,
  parent: FlowRun | null,
  state: State | null,
  extras: Extras,
  now: Instant,
): Wire => ({
  id: run.id,
  created: run.created,
  updated: run.updated,
  name: run.name,
  flow_run_id: run.flowRunId,
  task_key: run.taskKey,
  dynamic_key: run.dynamicKey,
  cache_key: extras.cache_key ?? null,
  cache_expiration: extras.cache_expiration ?? null,
  task_version: extras.task_version ?? null,
  empirical_policy: {
    max_retries: 0,
    retry_delay_seconds: 0,
    retries: null,
    retry_delay: null,
    retry_jitter_factor: null,
    ...objectIn(extras.empirical_policy),
  },
  tags: extras.tags ?? [],
  labels: {
    ...systemLabels({ flow: parent?.flowId, 'flow-run': run.flowRunId }),
    ...objectIn(extras.labels),
  },
  task_inputs: extras.task_inputs ?? {},
  flow_run_run_count: 0,
  ...columnsToWire(run, now),
  state: state && stateToWire(state),
});

/** A flow on the wire. */
export const flowToWire = ({ id, name, created, updated }: Flow, extras: Extras): Wire => ({
  id,
  name,
  created,
  updated,
  tags: extras.tags ?? [],
  labels: extras.labels ?? {},
});

/** The limit of a deployment, which has none of its own in the reference: there it is a thing beside it. */
const limitToWire = ({ id, created, updated, concurrencyLimit, activeSlots }: Deployment): Wire | null =>
  concurrencyLimit === null
    ? null
    : {
        id,
        created,
        updated,
        active: true,
        name: `deployment:${id}`,
        limit: concurrencyLimit,
        active_slots: activeSlots,
        slot_decay_per_second: 0,
      };

/** A deployment on the wire. What this project does not know is null or empty there. */
export const deploymentToWire = (deployment: Deployment, extras: Extras): Wire => ({
  id: deployment.id,
  created: deployment.created,
  updated: deployment.updated,
  name: deployment.name,
  flow_id: deployment.flowId,
  version: extras.version ?? null,
  description: extras.description ?? null,
  // Given up by the reference for the one below, and null ever since.
  concurrency_limit: null,
  global_concurrency_limit: limitToWire(deployment),
  concurrency_options: {
    collision_strategy: deployment.collisionStrategy,
    grace_period_seconds: deployment.gracePeriodSeconds,
  },
  paused: extras.paused ?? false,
  schedules: [],
  parameters: extras.parameters ?? {},
  tags: extras.tags ?? [],
  labels: { ...systemLabels({ flow: deployment.flowId }), ...objectIn(extras.labels) },
  job_variables: extras.job_variables ?? {},
  work_queue_name: extras.work_queue_name ?? null,
  work_queue_id: null,
  work_pool_name: extras.work_pool_name ?? null,
  last_polled: null,
  parameter_openapi_schema: extras.parameter_openapi_schema ?? {},
  path: extras.path ?? null,
  pull_steps: extras.pull_steps ?? [],
  entrypoint: extras.entrypoint ?? null,
  storage_document_id: extras.storage_document_id ?? null,
  infrastructure_document_id: extras.infrastructure_document_id ?? null,
  created_by: null,
  updated_by: null,
  status: 'NOT_READY',
  enforce_parameter_schema: extras.enforce_parameter_schema ?? true,
});
