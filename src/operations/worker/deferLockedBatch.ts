import type { BulkOperationId } from '../../domain/identifiers';
import { addSeconds } from '../../domain/instant';
import { deferBatch, insertBatches, takeBatchAt } from '../../persistence/operations/batches';
import type { Services } from '../../transitions/services';

/** Seconds until a run that another transaction holds is tried again. */
const heldSeconds = 5;

/**
 * Defers a batch of which another transaction holds rows. It is split in halves for later turns, so that the runs that are
 * free continue and other operations have their turns meanwhile. A single run is tried again after a few seconds.
 */
export function deferLockedBatch(
  { database, clock }: Services,
  operationId: BulkOperationId,
  { firstOrdinal, size }: { firstOrdinal: number; size: number },
): Promise<void> {
  return database.transaction(async connection => {
    const batch = await takeBatchAt(connection, operationId, firstOrdinal, 'decided');
    if (batch === null) return;
    const due = size === 1 ? addSeconds(clock(), heldSeconds) : batch.due;
    const lastOrdinal = firstOrdinal + Math.ceil(size / 2) - 1;
    await deferBatch(connection, batch, lastOrdinal, due);
    if (lastOrdinal < batch.lastOrdinal)
      await insertBatches(connection, [{ ...batch, firstOrdinal: lastOrdinal + 1 }]);
  });
}
