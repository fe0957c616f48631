import { z } from 'zod';
import { type FlowRunId, isUuid, normalizeUuid, type StateId } from '../../../domain/identifiers';
import type { UpstreamEvent } from '../upstreamClient';
import { instant, optionalText } from './values';

const runPrefix = 'prefect.flow-run.';

function runIn(resourceId: string): FlowRunId | null {
  const id = resourceId.startsWith(runPrefix) ? resourceId.slice(runPrefix.length) : '';
  return isUuid(id) ? (normalizeUuid(id) as FlowRunId) : null;
}

/** An event. The id of one that reports a state is the id of the state. */
export const wireEvent = z
  .object({
    id: z.string(),
    event: z.string(),
    occurred: instant,
    resource: z.object({ 'prefect.resource.id': z.string(), 'prefect.state-type': optionalText }),
  })
  .transform(
    ({ id, event, occurred, resource }): UpstreamEvent => ({
      id,
      event,
      occurred,
      flowRunId: runIn(resource['prefect.resource.id']),
      stateId: resource['prefect.state-type'] === null ? null : (normalizeUuid(id) as StateId),
    }),
  );

/** A page of stored events, each to be read by itself, and the address of the next. */
export const wireEventPage = z.object({ events: z.array(z.unknown()), next_page: optionalText });
