import { z } from 'zod';
import { collisionStrategies } from '../domain/flowRun';
import { normalizeUuid } from '../domain/identifiers';
import { parseInstant } from '../domain/instant';
import type { Json } from '../domain/json';
import { stateTypes } from '../domain/state';

const uuid = z.guid('is no UUID').transform(normalizeUuid);
const instant = z.string().transform((text, context) => {
  try {
    return parseInstant(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'is no instant such as 2026-11-23T15:34:00.123456Z' });
    return z.NEVER;
  }
});
const json = z.json().transform((value): Json => value as Json);
const flag = z.boolean().nullish();
const shortText = z.string().max(255).nullish();
const uuids = z.array(uuid).max(10_000).nullish();
const texts = z.array(z.string()).max(10_000).nullish();
const types = z.array(z.enum(stateTypes)).max(100).nullish();
const operator = z.enum(['and_', 'or_']).default('and_');
/** What the reference takes, and this project neither keeps nor minds. */
const ignored = z.unknown().optional();
/** At the top of a body null is as good as absent, as the reference's client sends it. */
const orDefault = <Schema extends z.ZodType>(schema: Schema, value: z.output<Schema>) =>
  schema.nullish().transform(given => given ?? value);
const force = orDefault(z.boolean(), false);
/** What the reference filters by, and this project cannot: better refused than passed over. */
const notHere = z.null('cannot be filtered by here').optional();

const listed = z.strictObject({ any_: texts, not_any_: texts }).nullish();
const between = z.strictObject({ before_: instant.nullish(), after_: instant.nullish() });

/** Which runs, on the wire. */
const flowRunFilter = z.strictObject({
  operator,
  id: z.strictObject({ any_: uuids, not_any_: uuids }).nullish(),
  name: z.strictObject({ any_: texts, like_: z.string().nullish() }).nullish(),
  tags: z.strictObject({ operator, all_: texts, any_: texts, is_null_: flag }).nullish(),
  deployment_id: z.strictObject({ operator, any_: uuids, is_null_: flag }).nullish(),
  work_queue_name: z.strictObject({ operator, any_: texts, is_null_: flag }).nullish(),
  state: z
    .strictObject({
      operator,
      type: z.strictObject({ any_: types, not_any_: types }).nullish(),
      name: listed,
    })
    .nullish(),
  flow_version: z.strictObject({ any_: texts }).nullish(),
  start_time: between.extend({ is_null_: flag }).nullish(),
  end_time: between.extend({ is_null_: flag }).nullish(),
  expected_start_time: between.nullish(),
  next_scheduled_start_time: between.nullish(),
  parent_flow_run_id: z.strictObject({ operator, any_: uuids }).nullish(),
  parent_task_run_id: z.strictObject({ operator, any_: uuids, is_null_: flag }).nullish(),
  idempotency_key: listed,
  created_by: z.strictObject({ operator, id_: uuids, type_: texts, is_null_: flag }).nullish(),
});

const stateDetails = z.strictObject({
  flow_run_id: uuid.nullish(),
  task_run_id: uuid.nullish(),
  child_flow_run_id: uuid.nullish(),
  scheduled_time: instant.nullish(),
  cache_key: z.string().nullish(),
  cache_expiration: instant.nullish(),
  deferred: flag,
  untrackable_result: flag,
  pause_timeout: instant.nullish(),
  pause_reschedule: flag,
  pause_key: z.string().nullish(),
  run_input_keyset: json.nullish(),
  refresh_cache: flag,
  retriable: flag,
  transition_id: uuid.nullish(),
  task_parameters_id: uuid.nullish(),
  traceparent: z.string().nullish(),
  deployment_concurrency_lease_id: uuid.nullish(),
});

const stateCreate = z.strictObject({
  type: z.enum(stateTypes),
  name: z.string().min(1).max(255).nullish(),
  message: z.string().nullish(),
  data: json.optional(),
  state_details: stateDetails.nullish(),
});
export type StateBody = z.output<typeof stateCreate>;

const callLimit = orDefault(z.int().min(1).max(50), 50);

/** `POST /api/flow_runs/bulk_set_state` */
export const bulkSetStateBody = z.strictObject({
  state: stateCreate,
  flow_runs: flowRunFilter.nullish(),
  force,
  limit: callLimit,
});

/** `POST /api/flow_runs/{id}/set_state` */
export const setStateBody = z.strictObject({ state: stateCreate, force });

/** `POST /api/flow_runs/bulk_delete` */
export const bulkDeleteBody = z.strictObject({ flow_runs: flowRunFilter.nullish(), limit: callLimit });

const otherGroups = {
  flows: notHere,
  task_runs: notHere,
  deployments: notHere,
  work_pools: notHere,
  work_pool_queues: notHere,
};

/** `POST /api/flow_runs/count` */
export const countBody = z.strictObject({ flow_runs: flowRunFilter.nullish(), ...otherGroups });

/** `POST /api/flow_runs/filter` */
export const filterBody = countBody.extend({
  sort: orDefault(
    z.enum([
      'ID_DESC',
      'START_TIME_ASC',
      'START_TIME_DESC',
      'EXPECTED_START_TIME_ASC',
      'EXPECTED_START_TIME_DESC',
      'NAME_ASC',
      'NAME_DESC',
      'NEXT_SCHEDULED_START_TIME_ASC',
      'END_TIME_DESC',
    ]),
    'ID_DESC',
  ),
  limit: orDefault(z.int().min(0).max(200), 200),
  offset: orDefault(z.int().min(0), 0),
});

/** `POST /api/flows/` */
export const flowBody = z.strictObject({
  name: z.string().min(1).max(255),
  tags: ignored,
  labels: ignored,
});

/** `POST /api/deployments/` */
export const deploymentBody = z.strictObject({
  name: z.string().min(1).max(255),
  flow_id: uuid,
  concurrency_limit: z.int().min(0).nullish(),
  concurrency_options: z
    .strictObject({
      collision_strategy: z.enum(collisionStrategies).default('ENQUEUE'),
      grace_period_seconds: z.int().min(60).max(86_400).nullish(),
    })
    .nullish(),
  paused: ignored,
  schedules: ignored,
  global_concurrency_limit_id: ignored,
  enforce_parameter_schema: ignored,
  parameter_openapi_schema: ignored,
  parameters: ignored,
  tags: ignored,
  labels: ignored,
  pull_steps: ignored,
  work_queue_name: ignored,
  work_pool_name: ignored,
  storage_document_id: ignored,
  infrastructure_document_id: ignored,
  description: ignored,
  path: ignored,
  version: ignored,
  version_info: ignored,
  branch: ignored,
  base: ignored,
  root: ignored,
  entrypoint: ignored,
  job_variables: ignored,
});

/** `POST /api/flow_runs/` */
export const flowRunBody = z.strictObject({
  name: z.string().min(1).max(255).nullish(),
  flow_id: uuid,
  deployment_id: uuid.nullish(),
  flow_version: shortText,
  parameters: z.record(z.string(), z.json()).nullish(),
  parent_task_run_id: uuid.nullish(),
  // The reference passes over what it does not know here.
  empirical_policy: z
    .looseObject({ retries: z.int().min(0).nullish(), retry_delay: z.int().min(0).nullish() })
    .nullish(),
  tags: z.array(z.string().max(255)).nullish(),
  idempotency_key: z.string().max(512).nullish(),
  state: stateCreate.nullish(),
  work_queue_name: shortText,
  context: ignored,
  labels: ignored,
  infrastructure_document_id: ignored,
  job_variables: ignored,
  work_pool_name: ignored,
});

/** `POST /api/task_runs/`: it stands for a subflow, so it has a flow run above it. */
export const taskRunBody = z.strictObject({
  id: uuid.nullish(),
  flow_run_id: uuid,
  name: z.string().min(1).max(255).nullish(),
  state: ignored,
  task_key: ignored,
  dynamic_key: ignored,
  cache_key: ignored,
  cache_expiration: ignored,
  task_version: ignored,
  empirical_policy: ignored,
  tags: ignored,
  labels: ignored,
  task_inputs: ignored,
});

/** `POST /api/v2/concurrency_limits/leases/{id}/renew` */
export const renewBody = z.strictObject({
  lease_duration: orDefault(z.number().min(60).max(86_400), 300),
});

/** An id in a path or a query. */
export const idParameter = uuid;
