import { z } from 'zod';
import { collisionStrategies, flowRunSorts, retryTypes } from '../domain/flowRun';
import { normalizeUuid } from '../domain/identifiers';
import { parseInstant } from '../domain/instant';
import type { Json } from '../domain/json';
import { stateTypes } from '../domain/state';
import '../wording';

/** Hyphens may be left out, as the reference's engine does. */
const uuid = z
  .preprocess(
    value =>
      typeof value === 'string'
        ? value.replace(/^(\w{8})(\w{4})(\w{4})(\w{4})(\w{12})$/, '$1-$2-$3-$4-$5')
        : value,
    z.guid('is not a UUID'),
  )
  .transform(normalizeUuid);
const instant = z.string().transform((text, context) => {
  try {
    return parseInstant(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'is not an instant such as 2026-11-23T15:34:00.123456Z' });
    return z.NEVER;
  }
});
const json = z.json().transform((value): Json => value as Json);
const flag = z.boolean().nullish();
const text = z.string().nullish();
const shortText = z.string().max(255).nullish();
const uuids = z.array(uuid).max(10_000).nullish();
const texts = z.array(z.string()).max(10_000).nullish();
const types = z.array(z.enum(stateTypes)).max(100).nullish();
const operator = z.enum(['and_', 'or_']).default('and_');
/** What things are told apart by where they go; a new thing has those of what it belongs to, and its own. */
const labels = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish();
const list = z.array(json).nullish();
const object = z.record(z.string(), json).nullish();
const count = z.int32().min(0).nullish();
/** A run's own name; an empty one stands for none. */
const runName = z
  .string()
  .max(255)
  .nullish()
  .transform(name => (name ? name : null));
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
  run_input_keyset: z.record(z.string(), z.string()).nullish(),
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

/** `POST /api/flow_runs/filter`, and `/count`, which counts all whatever the page. */
export const filterBody = z.strictObject({
  flow_runs: flowRunFilter.nullish(),
  ...otherGroups,
  sort: orDefault(z.enum(flowRunSorts), 'ID_DESC'),
  limit: orDefault(z.int().min(0).max(200), 200),
  offset: orDefault(z.int().min(0), 0),
});

/** `POST /api/flows/` */
export const flowBody = z.strictObject({
  name: z
    .string()
    .max(255)
    .regex(/^[^/%&><]+$/, 'must be given, without any of / % & > <'),
  tags: texts,
  labels,
});

/** `POST /api/deployments/` */
export const deploymentBody = z.strictObject({
  name: z.string().max(255),
  flow_id: uuid,
  concurrency_limit: z.int32().positive().nullish(),
  concurrency_options: z
    .strictObject({
      collision_strategy: z.enum(collisionStrategies),
      grace_period_seconds: z.int().min(60).max(86_400).nullish(),
    })
    .nullish(),
  global_concurrency_limit_id: z.null('there is no limit that deployments share').optional(),
  paused: flag,
  schedules: list,
  enforce_parameter_schema: flag,
  parameter_openapi_schema: object,
  parameters: object,
  tags: texts,
  labels,
  pull_steps: list,
  work_queue_name: text,
  work_pool_name: text,
  storage_document_id: uuid.nullish(),
  infrastructure_document_id: uuid.nullish(),
  description: text,
  path: text,
  version: text,
  version_info: object,
  branch: text,
  base: text,
  root: text,
  entrypoint: text,
  job_variables: object,
});

/** How a run retries, pauses and resumes; the reference passes over what it does not know here. */
const flowRunPolicy = z.looseObject({
  retries: count,
  retry_delay: count,
  /** Older names of the two, which count where those say nothing. */
  max_retries: count,
  retry_delay_seconds: count,
  pause_keys: texts,
  resuming: flag,
  retry_type: z.enum(retryTypes).nullish(),
});
export type FlowRunPolicyBody = z.output<typeof flowRunPolicy>;

/** `POST /api/flow_runs/` */
export const flowRunBody = z.strictObject({
  name: runName,
  flow_id: uuid,
  deployment_id: uuid.nullish(),
  flow_version: shortText,
  parameters: z.record(z.string(), z.json()).nullish(),
  parent_task_run_id: uuid.nullish(),
  empirical_policy: flowRunPolicy.nullish(),
  tags: z.array(z.string().max(255)).nullish(),
  idempotency_key: z.string().max(512).nullish(),
  state: stateCreate.nullish(),
  work_queue_name: shortText,
  context: object,
  labels,
  infrastructure_document_id: uuid.nullish(),
  job_variables: object,
  work_pool_name: text,
});
export type FlowRunBody = z.output<typeof flowRunBody>;

/** `POST /api/task_runs/` */
export const taskRunBody = z.strictObject({
  id: uuid.nullish(),
  flow_run_id: uuid.nullish(),
  name: runName,
  task_key: z.string().max(255),
  dynamic_key: z.string().max(255),
  state: stateCreate.nullish(),
  cache_key: text,
  cache_expiration: instant.nullish(),
  task_version: text,
  empirical_policy: z
    .object({
      max_retries: count,
      retry_delay_seconds: z.number().nullish(),
      retries: count,
      retry_delay: z
        .union([z.number(), z.array(z.number())])
        .refine(
          delay => !Array.isArray(delay) || delay.length <= 50,
          'Can not configure more than 50 retry delays per task.',
        )
        .nullish(),
      retry_jitter_factor: z.number().min(0, '`retry_jitter_factor` must be >= 0.').nullish(),
    })
    .nullish(),
  tags: texts,
  labels,
  task_inputs: object,
});

/** `POST /api/v2/concurrency_limits/leases/{id}/renew` */
export const renewBody = z.strictObject({
  lease_duration: orDefault(z.number().min(60).max(86_400), 300),
});

/** An id in a path or a query. */
export const idParameter = uuid;
