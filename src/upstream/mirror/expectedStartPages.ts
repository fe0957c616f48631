import type { FlowRunId } from '../../domain/identifiers';
import { addMicroseconds, type Instant } from '../../domain/instant';
import type { UpstreamClient, UpstreamFilter } from '../client/upstreamClient';
import { UpstreamError } from '../client/upstreamError';
import { pageSize } from './refreshFlowRuns';
import { type PageOfRuns, tiedPages } from './tiedPages';

/** What is read page by page. */
export interface PagedRuns {
  /** What the runs match, in the words of the server, besides their expected start time. */
  filter: UpstreamFilter;
  /** The expected start time from which on they are read; null: from the first on. */
  from: Instant | null;
  /** The expected start time up to which they are read, included; absent: to the last. */
  to?: Instant | undefined;
}

/**
 * The most runs with one expected start time that are named in a call. The server takes about 32,000 values, but each call would be
 * larger than the one before.
 */
const maxNamedTies = 2000;
const earliest = '0001-01-01T00:00:00.000000Z' as Instant;

const filterOf = ({ filter, to }: PagedRuns, after: Instant, ties: readonly FlowRunId[]): UpstreamFilter => ({
  ...filter,
  expected_start_time: { after_: after, ...(to !== undefined && { before_: to }) },
  ...(ties.length > 0 && { id: { not_any_: ties } }),
});

const latestOf = (times: readonly (Instant | null)[]): Instant | null =>
  times.reduce((latest, time) => (time !== null && (latest === null || time > latest) ? time : latest), null);

const detail = 'no run of a page shows when it was expected to start, so that no other page can be read';
const unreadablePage = new UpstreamError(detail, { kind: 'malformed', detail });

/**
 * Reads runs by their expected start time, ascending, which never changes: a run that moves meanwhile is not missed. One page is read at a time, and the next when it is asked for.
 *
 * @param maxTies with more runs at one expected start time, these are read by their ids.
 */
export async function* expectedStartPages(
  client: UpstreamClient,
  now: () => Instant,
  runs: PagedRuns,
  signal?: AbortSignal,
  maxTies: number = maxNamedTies,
): AsyncGenerator<PageOfRuns, void> {
  let after = runs.from ?? earliest;
  let ties: FlowRunId[] = [];
  for (;;) {
    const readAt = now();
    const from = performance.now();
    const filter = filterOf(runs, after, ties);
    const { rows, unreadable, count, received, characters } = await client.findFlowRuns(
      { filter, sort: 'EXPECTED_START_TIME_ASC', limit: pageSize },
      signal,
    );
    const met = [
      ...rows.map(({ flowRun: { id, expectedStartTime } }) => ({ id, expectedStartTime })),
      ...unreadable,
    ];
    const last = latestOf(met.map(({ expectedStartTime }) => expectedStartTime));
    if (last === null && unreadable.length === pageSize) throw unreadablePage;
    const isLast = count < pageSize || last === null;
    yield { rows, readAt, served: { from, to: received }, characters, next: isLast ? null : last };
    if (isLast) return;
    const atLast = met.filter(({ expectedStartTime }) => expectedStartTime === last);
    ties = [...(last === after ? ties : []), ...atLast.flatMap(({ id }) => id ?? [])];
    after = last;
    if (ties.length <= maxTies) continue;
    yield* tiedPages(client, now, { filter: runs.filter, at: last }, signal);
    after = addMicroseconds(last, 1);
    ties = [];
  }
}
