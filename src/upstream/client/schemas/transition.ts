import { z } from 'zod';
import type { FlowRunId } from '../../../domain/identifiers';
import type { GuardedResult } from '../upstreamClient';
import { wireState } from './state';
import { idOf, number, optionalText } from './values';

/** What became of each run of a call that proposes a state. */
export const wireTransitions = z.object({
  results: z.array(
    z
      .object({
        flow_run_id: idOf<FlowRunId>(),
        status: z.enum(['ACCEPT', 'REJECT', 'ABORT', 'WAIT']),
        state: wireState.nullish(),
        details: z.object({ reason: optionalText, delay_seconds: number.nullish() }).nullish(),
      })
      .transform(
        ({ flow_run_id, status, state, details }): { flowRunId: FlowRunId; result: GuardedResult } => ({
          flowRunId: flow_run_id,
          result: {
            status,
            state: state ?? null,
            reason: details?.reason ?? null,
            delaySeconds: details?.delay_seconds ?? null,
          },
        }),
      ),
  ),
});
