import { z } from 'zod';
import {
  callLimit,
  count,
  leaseSeconds,
  maxRunsPerCall,
  runIdempotencyKey,
  shortText,
} from '../../domain/bounds';
import { type DeploymentFilter, deploymentFilter } from '../../domain/deploymentFilter';
import { type FlowFilter, flowFilter } from '../../domain/flowFilter';
import { collisionStrategies, flowRunSorts, flowSorts, retryTypes } from '../../domain/flowRun';
import { type FlowRunFilter, flowRunFilter } from '../../domain/flowRunFilter';
import { filterBody } from './fieldGroup';
import { exactNumbers, jsonListUpTo, jsonObject, labelObject, storedNumber } from './jsonFields';
import { instant, numeric, truth, uuid } from './lenientValues';
import { stateBody } from './stateBody';

export type { StateBody } from './stateBody';

/** The limits that bodies are checked against: the same settings as for GraphQL. */
export interface BodyLimits {
  readonly maxListLength: number;
  readonly maxPageSize: number;
}

const flag = truth.nullish();
const text = z.string().nullish();
/** The labels of an object; a new object has those of its owner, and its own. */
const labels = labelObject.nullish();
const object = jsonObject.nullish();
const wholeNumber = numeric(count).nullish();
/** A run's own name; an empty one means none. */
const runName = shortText.nullish().transform(name => (name ? name : null));
/** At the top of a body null is as good as absent, as the reference's client sends it. */
const orDefault = <Schema extends z.ZodType>(schema: Schema, value: z.output<Schema>) =>
  schema
    .nullish()
    .transform(given => given ?? value)
    .meta({ default: value });
const force = orDefault(truth, false);
const limit = orDefault(numeric(callLimit), maxRunsPerCall);
/** Without the fields that a shape does not have and that are null: a client sends them for what it does not ask for. */
function withoutUnknownNulls(body: unknown, shape: z.ZodRawShape): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const known = Object.entries(body).filter(([name, value]) => value !== null || Object.hasOwn(shape, name));
  return known.length === Object.keys(body).length ? body : Object.fromEntries(known);
}

/** A body that chooses what a call is about. To ignore a field that is not known would choose something else. */
const choosing = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.preprocess(body => withoutUnknownNulls(body, shape), z.strictObject(shape));

/** What the reference filters by, and this project cannot: better refused than passed over. */
const notHere = z.null('cannot be filtered by here').optional();

const flowConditions = { ...flowFilter.fields, deployment: notHere, tags: notHere };

const deploymentConditions = {
  ...deploymentFilter.fields,
  flow: { fields: flowConditions },
  paused: notHere,
  tags: notHere,
  work_queue_name: notHere,
  concurrency_limit: notHere,
  flow_or_deployment_name: notHere,
};

/** How a run retries, pauses and resumes. */
const flowRunPolicyUpTo = (maxListLength: number) =>
  z.object({
    retries: wholeNumber,
    retry_delay: wholeNumber,
    /** Older names of the two, which count where those say nothing. */
    max_retries: wholeNumber,
    retry_delay_seconds: wholeNumber,
    pause_keys: z.array(z.string()).max(maxListLength).nullish(),
    resuming: flag,
    retry_type: z.enum(retryTypes).nullish(),
  });
export type FlowRunPolicyBody = z.output<ReturnType<typeof flowRunPolicyUpTo>>;

const taskRunPolicy = z.object({
  max_retries: wholeNumber,
  retry_delay_seconds: exactNumbers(numeric(storedNumber())).nullish(),
  retries: wholeNumber,
  retry_delay: exactNumbers(z.union([numeric(storedNumber()), z.array(numeric(storedNumber()))]))
    .refine(
      delay => !Array.isArray(delay) || delay.length <= 50,
      'Can not configure more than 50 retry delays per task.',
    )
    .nullish(),
  retry_jitter_factor: exactNumbers(
    numeric(storedNumber(0, '`retry_jitter_factor` must be >= 0.')),
  ).nullish(),
});

/**
 * The bodies of the REST calls, by the rules of the reference: what makes something (`StateCreate`, `FlowRunCreate` and
 * the like) and filters reject unknown fields, what is nested in them ignores unknown fields. A body that chooses runs
 * rejects them too, where the reference would choose among all runs.
 */
export function createBodies({ maxListLength, maxPageSize }: BodyLimits) {
  const texts = z.array(z.string()).max(maxListLength).nullish();
  const list = jsonListUpTo(maxListLength).nullish();
  const flow_runs = filterBody<FlowRunFilter>(flowRunFilter, maxListLength).nullish();
  const flows = filterBody<FlowFilter>({ fields: flowConditions }, maxListLength).nullish();
  const page = {
    limit: orDefault(numeric(z.int().min(0).max(maxPageSize)), maxPageSize),
    offset: orDefault(numeric(z.int().min(0)), 0),
  };

  return {
    /** `POST /api/flow_runs/bulk_set_state` */
    bulkSetState: choosing({
      state: stateBody,
      flow_runs,
      force,
      limit,
    }),

    /** `POST /api/flow_runs/{id}/set_state` */
    setState: z.object({ state: stateBody, force }),

    /** `POST /api/flow_runs/bulk_delete` */
    bulkDelete: choosing({ flow_runs, limit }),

    /** `POST /api/flow_runs/filter`, and `/count`, which ignores the page. */
    findFlowRuns: choosing({
      flow_runs,
      flows,
      task_runs: notHere,
      deployments: filterBody<DeploymentFilter>({ fields: deploymentConditions }, maxListLength).nullish(),
      work_pools: notHere,
      work_pool_queues: notHere,
      sort: orDefault(z.enum(flowRunSorts), 'ID_DESC'),
      ...page,
    }),

    /** `POST /api/flows/filter` */
    findFlows: choosing({
      flows,
      flow_runs: notHere,
      task_runs: notHere,
      deployments: notHere,
      work_pools: notHere,
      sort: orDefault(z.enum(flowSorts), 'NAME_ASC'),
      ...page,
    }),

    /** `POST /api/flows/` */
    flow: z.strictObject({
      name: shortText.regex(/^[^/%&><]+$/, 'must be given, without any of / % & > <'),
      tags: texts,
      labels,
    }),

    /** `POST /api/deployments/` */
    deployment: z.strictObject({
      name: shortText,
      flow_id: uuid,
      concurrency_limit: numeric(z.int32().positive()).nullish(),
      concurrency_options: z
        .object({
          collision_strategy: z.enum(collisionStrategies),
          grace_period_seconds: numeric(leaseSeconds.int()).nullish(),
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
    }),

    /** `POST /api/flow_runs/` */
    flowRun: z.strictObject({
      name: runName,
      flow_id: uuid,
      deployment_id: uuid.nullish(),
      flow_version: shortText.nullish(),
      parameters: object,
      parent_task_run_id: uuid.nullish(),
      empirical_policy: flowRunPolicyUpTo(maxListLength).nullish(),
      tags: z.array(shortText).max(maxListLength).nullish(),
      idempotency_key: runIdempotencyKey.nullish(),
      state: stateBody.nullish(),
      work_queue_name: shortText.nullish(),
      context: object,
      labels,
      infrastructure_document_id: uuid.nullish(),
      job_variables: object,
      work_pool_name: text,
    }),

    /** `POST /api/task_runs/` */
    taskRun: z.strictObject({
      id: uuid.nullish(),
      flow_run_id: uuid.nullish(),
      name: runName,
      task_key: shortText,
      dynamic_key: shortText,
      state: stateBody.nullish(),
      cache_key: text,
      cache_expiration: instant.nullish(),
      task_version: text,
      empirical_policy: taskRunPolicy.nullish(),
      tags: texts,
      labels,
      task_inputs: object,
    }),

    /** `POST /api/v2/concurrency_limits/leases/{id}/renew` */
    renew: z.object({ lease_duration: orDefault(numeric(leaseSeconds), 300) }),
  };
}
export type Bodies = ReturnType<typeof createBodies>;
export type FlowRunBody = z.output<Bodies['flowRun']>;

/** An id in a path or a query. */
export const idParameter = uuid;
