import { z } from 'zod';
import type { FlowRunId } from '../../domain/identifiers';
import type { CallResult } from './caller';
import { readKey, readRows } from './readRows';
import { wireFlowRun } from './schemas/flowRun';
import { idOf, instant } from './schemas/values';
import type { FlowRunPage } from './upstreamClient';

/** What is needed of a row that is not as the API promises: to pass over it, and to name it. */
const wireKey = z.object({ id: idOf<FlowRunId>(), expected_start_time: instant.nullish().catch(null) });

/**
 * Reads a page of runs row by row: one that is not as the API promises takes no other with it.
 *
 * @throws UpstreamError `malformed` where the page is no list, or a row without an id is in it.
 */
export function readFlowRunPage(
  { body, received, characters }: Pick<CallResult, 'body' | 'received' | 'characters'>,
  call: string,
): FlowRunPage {
  const { rows, unread } = readRows(wireFlowRun, body, call);
  const unreadable = unread.map(row => {
    const { id, expected_start_time: expectedStartTime = null } = readKey(wireKey, row, call);
    return { id, expectedStartTime, detail: row.detail };
  });
  return { rows, unreadable, count: rows.length + unreadable.length, received, characters };
}
