import type { BulkOperationId } from '../../domain/identifiers';
import { addSeconds } from '../../domain/instant';
import { insertBatches, putBatchOff, takeBatchAt } from '../../persistence/operations/batches';
import type { Services } from '../../transitions/services';

/** After how long a run that others keep is tried again. */
const keptSeconds = 5;

/**
 * Puts a batch off that others keep something of. It is parted in halves for later turns, so that those of its runs that
 * are free go on and other operations have their turns meanwhile; a run by itself is tried again after a while.
 */
export function deferBatch(
  { database, clock }: Services,
  operationId: BulkOperationId,
  { firstOrdinal, size }: { firstOrdinal: number; size: number },
): Promise<void> {
  return database.transaction(async connection => {
    const batch = await takeBatchAt(database, connection, operationId, firstOrdinal, 'decided');
    if (batch === null) return;
    const due = size === 1 ? addSeconds(clock(), keptSeconds) : batch.due;
    const lastOrdinal = firstOrdinal + Math.ceil(size / 2) - 1;
    await putBatchOff(connection, batch, lastOrdinal, due);
    if (lastOrdinal < batch.lastOrdinal)
      await insertBatches(connection, [{ ...batch, firstOrdinal: lastOrdinal + 1 }]);
  });
}
