import type { BulkOperation } from '../../domain/bulkOperation';
import type { BulkOperationId } from '../../domain/identifiers';
import { addSeconds, type Instant, secondsBetween } from '../../domain/instant';
import { lockOperation, updateOperation } from '../../persistence/operations/operations';
import type { Services } from '../../transitions/services';

/** Under a rate, batches are no larger than what the rate allows in this time, so that a new rate takes hold soon. */
const pacedSeconds = 0.25;
/** By how much the clocks of two workers may differ. */
const slackSeconds = 1;

/**
 * Whether the next runs must wait. No reservation is longer than the duration of one batch: a later time was written
 * before the clock was set back.
 */
const isAhead = (pacedUntil: Instant, now: Instant, runsPerSecond: number): boolean =>
  pacedUntil > now &&
  secondsBetween(now, pacedUntil) <= Math.max(pacedSeconds, 1 / runsPerSecond) + slackSeconds;

/**
 * Reserves runs within an operation's rate.
 *
 * @returns how many may be taken now, or when to ask again.
 */
export function reserveRuns(
  { database, clock }: Services,
  id: BulkOperationId,
  wanted: number,
): Promise<{ size: number; until: Instant | null }> {
  return database.transaction(async connection => {
    const operation = await lockOperation(connection, id);
    if (operation === null || operation.runsPerSecond === null) return { size: wanted, until: null };
    const now = clock();
    const { runsPerSecond, pacedUntil } = operation;
    if (pacedUntil !== null && isAhead(pacedUntil, now, runsPerSecond)) return { size: 0, until: pacedUntil };
    const size = Math.min(wanted, Math.max(1, Math.floor(runsPerSecond * pacedSeconds)));
    await updateOperation(connection, id, { pacedUntil: addSeconds(now, size / runsPerSecond) });
    return { size, until: null };
  });
}

/** Releases what was reserved within an operation's rate and not used, unless the rate has changed. */
export function releaseRuns(
  { database }: Services,
  { id, runsPerSecond }: BulkOperation,
  unused: number,
): Promise<void> {
  return database.transaction(async connection => {
    const operation = await lockOperation(connection, id);
    if (!operation?.pacedUntil || !runsPerSecond || operation.runsPerSecond !== runsPerSecond) return;
    const pacedUntil = addSeconds(operation.pacedUntil, -unused / runsPerSecond);
    await updateOperation(connection, id, { pacedUntil });
  });
}
