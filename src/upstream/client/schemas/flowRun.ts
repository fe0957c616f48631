import { z } from 'zod';
import { ExactNumber } from '../../../domain/exactNumber';
import type { Extras } from '../../../domain/extras';
import type { DeploymentId, FlowId, FlowRunId, TaskRunId } from '../../../domain/identifiers';
import { type Json, type JsonObject, objectIn } from '../../../domain/json';
import type { UpstreamFlowRun } from '../upstreamClient';
import { flowRunPolicy } from './flowRunPolicy';
import { columnsOf, stateFields } from './stateColumns';
import { idOf, instant, json, jsonObject, optionalText } from './values';

const createdBy = z.object({ id: optionalText, type: optionalText, display_value: optionalText });

const shape = z.object({
  id: idOf<FlowRunId>(),
  name: z.string(),
  flow_id: idOf<FlowId>(),
  deployment_id: idOf<DeploymentId>().nullish(),
  work_queue_name: optionalText,
  flow_version: optionalText,
  tags: z.array(z.string()).nullish(),
  parameters: json.optional(),
  idempotency_key: optionalText,
  parent_task_run_id: idOf<TaskRunId>().nullish(),
  created_by: createdBy.nullish(),
  infrastructure_pid: optionalText,
  empirical_policy: flowRunPolicy.nullish(),
  created: instant,
  updated: instant,
  ...stateFields,
});

/** The fields that are returned as they are; the REST API of this program stores the same. */
const extraNames = ['context', 'labels', 'job_variables', 'work_pool_name', 'infrastructure_document_id'];
const extraPolicyNames = ['max_retries', 'retry_delay_seconds'];

function isEmpty(value: Json): boolean {
  if (value instanceof ExactNumber) return value.value === 0;
  return value === null || value === 0 || (typeof value === 'object' && Object.keys(value).length === 0);
}

const nonEmpty = (wire: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(
    names.flatMap(name => {
      const value = wire[name];
      return value === undefined || isEmpty(value) ? [] : [[name, value]];
    }),
  );

function extrasOf(wire: JsonObject): Extras {
  const policy = nonEmpty(objectIn(wire.empirical_policy), extraPolicyNames);
  return { ...nonEmpty(wire, extraNames), ...(!isEmpty(policy) && { empirical_policy: policy }) };
}

const noPolicy = flowRunPolicy.parse({});

function flowRunOf(wire: z.output<typeof shape>, extras: Extras): UpstreamFlowRun {
  return {
    flowRun: {
      id: wire.id,
      name: wire.name,
      flowId: wire.flow_id,
      deploymentId: wire.deployment_id ?? null,
      workQueueName: wire.work_queue_name,
      flowVersion: wire.flow_version,
      tags: wire.tags ?? [],
      parameters: wire.parameters ?? {},
      idempotencyKey: wire.idempotency_key,
      parentTaskRunId: wire.parent_task_run_id ?? null,
      createdBy: wire.created_by
        ? { id: wire.created_by.id, type: wire.created_by.type, displayValue: wire.created_by.display_value }
        : null,
      infrastructurePid: wire.infrastructure_pid,
      policy: wire.empirical_policy ?? noPolicy,
      created: wire.created,
      updated: wire.updated,
      ...columnsOf(wire),
    },
    state: wire.state ?? null,
    extras,
  };
}

/** A run with its current state. */
export const wireFlowRun = jsonObject.transform((wire, context): UpstreamFlowRun => {
  const result = shape.safeParse(wire);
  if (result.success) return flowRunOf(result.data, extrasOf(wire));
  for (const { path, message } of result.error.issues)
    context.addIssue({ code: 'custom', message, path: [...path] });
  return z.NEVER;
});
