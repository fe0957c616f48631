import type { FlowRunId } from '../../domain/identifiers';
import type { Instant } from '../../domain/instant';
import type { FlowRunPage, UpstreamClient, UpstreamFilter, UpstreamFlowRun } from '../client/upstreamClient';
import { pageSize } from './refreshFlowRuns';
import type { Served } from './restAfter';

/** A page of runs. */
export interface PageOfRuns {
  rows: UpstreamFlowRun[];
  /** When the server was asked for them. */
  readAt: Instant;
  /** When it was asked for them and when they had arrived, by `performance.now()`. */
  served: Served;
  /** How long the response was. */
  characters: number;
  /** From where on the next page is read; null: this was the last. */
  next: Instant | null;
}

/** The runs with one expected start time. */
interface TiedRuns {
  /** What they match besides. */
  filter: UpstreamFilter;
  at: Instant;
}

const lowest = (one: FlowRunId | undefined, other: FlowRunId | null): FlowRunId | null =>
  one !== undefined && (other === null || one < other) ? one : other;

/**
 * Reads any number of runs with one expected start time, by descending ids. The server can only count off a number of runs before
 * a page, and that number is wrong where such runs are deleted meanwhile. So each page begins with a run that was read already:
 * where it begins with a later one, some may have been passed over, and the page before it is read again.
 */
export async function* tiedPages(
  client: UpstreamClient,
  now: () => Instant,
  { filter, at }: TiedRuns,
  signal?: AbortSignal,
): AsyncGenerator<PageOfRuns, void> {
  const tied = { ...filter, expected_start_time: { after_: at, before_: at } };
  let last: FlowRunId | null = null;
  for (let offset = 0; ; ) {
    const readAt = now();
    const from = performance.now();
    const { rows, unreadable, count, received, characters }: FlowRunPage = await client.findFlowRuns(
      { filter: tied, sort: 'ID_DESC', limit: pageSize, offset },
      signal,
    );
    const lastRead: FlowRunId | null = last;
    const ids = [...rows.map(({ flowRun }) => flowRun.id), ...unreadable.flatMap(({ id }) => id ?? [])].sort(
      (one, other) => (one < other ? -1 : 1),
    );
    const first = ids.at(-1);
    // A run whose id the server does not show may be the one that was read already.
    const isKnown = unreadable.every(({ id }) => id !== null);
    const mayHavePassed = isKnown && lastRead !== null && (first === undefined || first < lastRead);
    if (mayHavePassed && offset > 0) {
      offset = Math.max(0, offset - pageSize);
      continue;
    }
    const fresh: UpstreamFlowRun[] = rows.filter(({ flowRun }) => lastRead === null || flowRun.id < lastRead);
    last = lowest(ids[0], lastRead);
    if (fresh.length > 0) yield { rows: fresh, readAt, served: { from, to: received }, characters, next: at };
    if (count < pageSize) return;
    offset += pageSize - 1;
  }
}
