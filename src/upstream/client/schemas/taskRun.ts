import { z } from 'zod';
import type { FlowRunId, TaskRunId } from '../../../domain/identifiers';
import type { UpstreamTaskRun } from '../upstreamClient';
import { columnsOf, stateFields } from './stateColumns';
import { idOf, instant, optionalText } from './values';

/** A task run with its current state. */
export const wireTaskRun = z
  .object({
    id: idOf<TaskRunId>(),
    name: z.string(),
    flow_run_id: idOf<FlowRunId>().nullish(),
    task_key: optionalText,
    dynamic_key: optionalText,
    created: instant,
    updated: instant,
    ...stateFields,
  })
  .transform(
    (wire): UpstreamTaskRun => ({
      taskRun: {
        id: wire.id,
        name: wire.name,
        flowRunId: wire.flow_run_id ?? null,
        taskKey: wire.task_key,
        dynamicKey: wire.dynamic_key,
        created: wire.created,
        updated: wire.updated,
        ...columnsOf(wire),
      },
      state: wire.state ?? null,
    }),
  );
