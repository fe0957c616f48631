import { z } from 'zod';
import { type FlowRunPolicy, retryTypes } from '../../../domain/flowRun';
import { number, wholeNumber } from './values';

/** How a run retries, pauses and resumes. The older names of the two numbers count where those are empty. */
export const flowRunPolicy = z
  .object({
    retries: wholeNumber.nullish(),
    retry_delay: number.nullish(),
    max_retries: wholeNumber.nullish(),
    retry_delay_seconds: number.nullish(),
    pause_keys: z.array(z.string()).nullish(),
    resuming: z.boolean().nullish(),
    retry_type: z.enum(retryTypes).nullish(),
  })
  .transform(
    (policy): FlowRunPolicy => ({
      retries: policy.retries || policy.max_retries || (policy.retries ?? null),
      retryDelay: policy.retry_delay || policy.retry_delay_seconds || (policy.retry_delay ?? null),
      pauseKeys: [...new Set(policy.pause_keys)].sort(),
      resuming: policy.resuming ?? false,
      retryType: policy.retry_type ?? null,
    }),
  );
