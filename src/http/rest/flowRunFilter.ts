import { z } from 'zod';
import { stateTypes } from '../../domain/state';
import { instant, truth, uuid } from './values';

const flag = truth.nullish();
const operator = z.enum(['and_', 'or_']).default('and_');
const between = z.strictObject({ before_: instant.nullish(), after_: instant.nullish() });

/** Which runs, on the wire. Unknown parts are rejected here as in the reference: to ignore one would match other runs. */
export function flowRunFilterUpTo(maxListLength: number) {
  const uuids = z.array(uuid).max(maxListLength).nullish();
  const texts = z.array(z.string()).max(maxListLength).nullish();
  const types = z.array(z.enum(stateTypes)).max(maxListLength).nullish();
  const listed = z.strictObject({ any_: texts, not_any_: texts }).nullish();
  return z.strictObject({
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
}
