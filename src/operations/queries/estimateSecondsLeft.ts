import type { BulkOperation, BulkOperationBatch } from '../../domain/bulkOperation';
import { type Instant, secondsBetween } from '../../domain/instant';
import type { PositionRequest } from '../../persistence/operations/batches';
import type { Services } from '../../transitions/services';

/** Over how many of the last decided items the present speed is taken. */
const recentItems = 5000;

/** Seconds until a running operation has decided all its items, at its present speed; null where that cannot be said. */
export async function estimateSecondsLeft(
  { clock }: Services,
  operation: BulkOperation,
  findBatchAt: (request: PositionRequest) => Promise<BulkOperationBatch | null>,
): Promise<number | null> {
  const { status, pending, waiting, lastPosition, id, runsPerSecond } = operation;
  if (status !== 'RUNNING' || lastPosition === 0) return null;
  const from = Math.max(1, lastPosition - recentItems);
  const batch = await findBatchAt({ operationId: id, position: from });
  if (!batch?.decided || batch.firstPosition === null) return null;
  // A batch bears the time at which it was begun.
  const speed = speedSince(batch.decided, clock(), lastPosition - batch.firstPosition + 1);
  if (speed === null) return null;
  return (pending + waiting) / Math.min(speed, runsPerSecond ?? Number.POSITIVE_INFINITY);
}

function speedSince(since: Instant, now: Instant, decided: number): number | null {
  const seconds = secondsBetween(since, now);
  return seconds > 0 ? decided / seconds : null;
}
