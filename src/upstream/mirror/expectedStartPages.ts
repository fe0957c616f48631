import type { FlowRunId } from '../../domain/identifiers';
import type { Instant } from '../../domain/instant';
import type { UpstreamClient, UpstreamFilter, UpstreamFlowRun } from '../client/upstreamClient';
import { pageSize } from './refreshFlowRuns';

/** What is read page by page. */
export interface PagedRuns {
  /** What the runs match, in the words of the server, besides their expected start time. */
  filter: UpstreamFilter;
  /** The expected start time from which on they are read; null: from the first on. */
  from: Instant | null;
  /** The expected start time up to which they are read, included; absent: to the last. */
  to?: Instant | undefined;
}

/** A page of runs. */
export interface PageOfRuns {
  rows: UpstreamFlowRun[];
  /** When the server was asked for them. */
  readAt: Instant;
  /** From where on the next page is read; null: this was the last. */
  next: Instant | null;
}

/** The most runs with one expected start time: the server takes about 32,000 values in one call. */
const maxTies = 30_000;
const earliest = '0001-01-01T00:00:00.000000Z' as Instant;

const filterOf = ({ filter, to }: PagedRuns, after: Instant, ties: readonly FlowRunId[]): UpstreamFilter => ({
  ...filter,
  expected_start_time: { after_: after, ...(to !== undefined && { before_: to }) },
  ...(ties.length > 0 && { id: { not_any_: ties } }),
});

/**
 * Reads runs by their expected start time, ascending, which never changes: a run that moves meanwhile is neither missed nor read
 * twice. One page is read at a time, and the next when it is asked for.
 *
 * @throws RangeError where more than 30,000 runs have the same expected start time.
 */
export async function* expectedStartPages(
  client: UpstreamClient,
  now: () => Instant,
  runs: PagedRuns,
  signal?: AbortSignal,
): AsyncGenerator<PageOfRuns, void> {
  let after = runs.from ?? earliest;
  let ties: FlowRunId[] = [];
  for (;;) {
    const readAt = now();
    const filter = filterOf(runs, after, ties);
    const rows = await client.findFlowRuns(
      { filter, sort: 'EXPECTED_START_TIME_ASC', limit: pageSize },
      signal,
    );
    const last = rows.at(-1)?.flowRun.expectedStartTime ?? null;
    const isLast = rows.length < pageSize || last === null;
    yield { rows, readAt, next: isLast ? null : last };
    if (isLast) return;
    const atLast = rows.filter(({ flowRun }) => flowRun.expectedStartTime === last);
    ties = [...(last === after ? ties : []), ...atLast.map(({ flowRun }) => flowRun.id)];
    if (ties.length > maxTies)
      throw new RangeError(`more than ${maxTies} runs have the expected start time ${last}`);
    after = last;
  }
}
