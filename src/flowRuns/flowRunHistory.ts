import { badUserInput } from '../domain/errors';
import type { FlowRunFilter } from '../domain/flowRunFilter';
import { addMicroseconds, type Instant, microsecondsBetween } from '../domain/instant';
import type { StateType } from '../domain/state';
import { countByBucket, type Span } from '../persistence/flowRuns/flowRunHistory';
import type { Services } from '../transitions/services';

/** The runs of one part of a time span, by state type; types that no run is in are left out. */
export interface HistoryBucket {
  from: Instant;
  to: Instant;
  counts: { stateType: StateType | null; count: number }[];
}

const maxYears = 100;
const maxMicroseconds = BigInt(maxYears) * 366n * 86_400_000_000n;

function checkSpan({ from, to }: Span): void {
  const microseconds = microsecondsBetween(from, to);
  if (microseconds <= 0n) throw badUserInput([{ path: ['to'], message: 'must be after `from`' }]);
  if (microseconds > maxMicroseconds)
    throw badUserInput([{ path: ['to'], message: `must be within ${maxYears} years after \`from\`` }]);
}

/** Where a bucket begins: at the first microsecond that the database puts into it. */
function beginOf(bucket: number, { from, to, buckets }: Span): Instant {
  const parts = microsecondsBetween(from, to) * BigInt(bucket);
  const count = BigInt(buckets);
  return addMicroseconds(from, Number((parts + count - 1n) / count));
}

/**
 * Counts the runs that match and whose start time, else expected start time, lies in a time span, by equal parts of it and by
 * state type; oldest part first. Where the parts cannot be equal to the microsecond, they differ by one.
 *
 * @throws SwitchyardError BAD_USER_INPUT where `to` is not after `from`, or more than 100 years after it.
 */
export async function findFlowRunHistory(
  { database }: Services,
  filter: FlowRunFilter | null,
  span: Span,
): Promise<HistoryBucket[]> {
  checkSpan(span);
  const counted = await database.scan(
    'counts',
    database.reader,
    manager => countByBucket(manager, filter, span),
    { sharedAs: `history ${JSON.stringify([filter, span])}` },
  );
  const history = Array.from(
    { length: span.buckets },
    (_none, bucket): HistoryBucket => ({
      from: beginOf(bucket, span),
      to: beginOf(bucket + 1, span),
      counts: [],
    }),
  );
  for (const { bucket, stateType, count } of counted) history[bucket]?.counts.push({ stateType, count });
  return history;
}
