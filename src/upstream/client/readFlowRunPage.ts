import { z } from 'zod';
import type { FlowRunId } from '../../domain/identifiers';
import { detailOf, parseResponse } from './parseResponse';
import { wireFlowRun } from './schemas/flowRun';
import { idOf, instant } from './schemas/values';
import type { FlowRunPage } from './upstreamClient';
import { UpstreamError } from './upstreamError';

/** What is needed of a row that is not as the API promises: to pass over it, and to name it. */
const wireKey = z.object({ id: idOf<FlowRunId>(), expected_start_time: instant.nullish().catch(null) });

/**
 * Reads a page of runs row by row: one that is not as the API promises takes no other with it.
 *
 * @throws UpstreamError `malformed` where the page is no list, or a row without an id is in it.
 */
export function readFlowRunPage(body: unknown, call: string): FlowRunPage {
  const list = parseResponse(z.array(z.unknown()), body, call);
  const page: FlowRunPage = { rows: [], unreadable: [], count: list.length };
  for (const [index, wire] of list.entries()) {
    const result = wireFlowRun.safeParse(wire);
    if (result.success) {
      page.rows.push(result.data);
      continue;
    }
    const detail = detailOf(result.error);
    const key = wireKey.safeParse(wire);
    if (!key.success)
      throw new UpstreamError(`${call}: ${index}.${detail}`, {
        kind: 'malformed',
        detail: `${index}.${detail}`,
      });
    const { id, expected_start_time: expectedStartTime = null } = key.data;
    page.unreadable.push({ id, expectedStartTime, detail });
  }
  return page;
}
