import type { BulkOperation, BulkOperationBatch } from '../../domain/bulkOperation';
import { addSeconds, secondsBetween } from '../../domain/instant';
import type { RecentBatchRequest } from '../../persistence/operations/batches';
import type { Services } from '../../transitions/services';

/** The present speed is that of these last seconds: what an operation did before a pause, or at another rate, is no part of it. */
const recentSeconds = 30;
/** At most this number of the last items is counted, whatever their time: their batches are read each time. */
const maxRecentItems = 5000;

/**
 * Seconds until a running operation has decided all its items, at its present speed; null where that cannot be said, because it
 * decided nothing of late.
 */
export async function estimateSecondsLeft(
  { clock }: Services,
  { status, matched, lastPosition, id: operationId, runsPerSecond }: BulkOperation,
  findRecentBatch: (request: RecentBatchRequest) => Promise<BulkOperationBatch | null>,
): Promise<number | null> {
  if (status !== 'RUNNING' || lastPosition === 0) return null;
  const now = clock();
  const position = Math.max(1, lastPosition - maxRecentItems);
  const first = await findRecentBatch({ operationId, position, since: addSeconds(now, -recentSeconds) });
  if (!first?.decided || first.firstPosition === null) return null;
  // A batch bears the time at which it was begun.
  const seconds = secondsBetween(first.decided, now);
  if (seconds <= 0) return null;
  const speed = (lastPosition - first.firstPosition + 1) / seconds;
  // An item that waits to be tried again has no position yet.
  return (matched - lastPosition) / Math.min(speed, runsPerSecond ?? Number.POSITIVE_INFINITY);
}
