import { z } from 'zod';
import { stateTypes } from '../../domain/state';
import { json, textObject } from './jsonFields';
import { instant, truth, uuid } from './values';

const flag = truth.nullish();

/** What a state says beyond its type. What newer clients may add is ignored, as the reference does. */
const stateDetails = z.object({
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
  run_input_keyset: textObject.nullish(),
  refresh_cache: flag,
  retriable: flag,
  transition_id: uuid.nullish(),
  task_parameters_id: uuid.nullish(),
  traceparent: z.string().nullish(),
  deployment_concurrency_lease_id: uuid.nullish(),
});

/** A state that a client proposes. */
export const stateBody = z.strictObject({
  type: z.enum(stateTypes),
  name: z.string().min(1).max(255).nullish(),
  message: z.string().nullish(),
  data: json.optional(),
  state_details: stateDetails.nullish(),
});
export type StateBody = z.output<typeof stateBody>;
