import { z } from 'zod';
import { collisionStrategies } from '../../../domain/flowRun';
import type { DeploymentId, FlowId } from '../../../domain/identifiers';
import type { UpstreamDeployment } from '../upstreamClient';
import { idOf, instant, number, wholeNumber } from './values';

const limit = z.object({ limit: wholeNumber, active_slots: wholeNumber, active: z.boolean() });

const options = z.object({
  collision_strategy: z.enum(collisionStrategies),
  grace_period_seconds: number.nullish(),
});

/** A deployment. Its limit is a thing beside it; the field `concurrency_limit` is null at all times. */
export const wireDeployment = z
  .object({
    id: idOf<DeploymentId>(),
    name: z.string(),
    flow_id: idOf<FlowId>(),
    global_concurrency_limit: limit.nullish(),
    concurrency_options: options.nullish(),
    created: instant,
    updated: instant,
  })
  .transform(
    ({ flow_id, global_concurrency_limit, concurrency_options, ...deployment }): UpstreamDeployment => ({
      ...deployment,
      flowId: flow_id,
      concurrencyLimit: global_concurrency_limit?.limit ?? null,
      collisionStrategy: concurrency_options?.collision_strategy ?? 'ENQUEUE',
      gracePeriodSeconds: concurrency_options?.grace_period_seconds ?? null,
      activeSlots: global_concurrency_limit?.active_slots ?? 0,
      isLimitActive: global_concurrency_limit?.active ?? true,
    }),
  );
