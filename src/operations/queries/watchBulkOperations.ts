import type { BulkOperation } from '../../domain/bulkOperation';
import type { BulkOperationId } from '../../domain/identifiers';
import { addSeconds } from '../../domain/instant';
import { findChangingOperations, type OperationListFilter } from '../../persistence/operations/operations';
import type { Services } from '../../transitions/services';
import { stream, subscribe } from './changeNotifier';
import { momentOf } from './momentOf';

/** How far the clocks of processes may differ, and how long a round may take. */
const overlapSeconds = 30;

/**
 * The operations that match and have not ended, and from then on every one that matches whenever its status or counts change, at
 * most four times a second each. It is read at the reader's pace.
 */
export function watchBulkOperations(
  services: Services,
  filter: OperationListFilter,
): AsyncGenerator<BulkOperation> {
  const changes = subscribe(services, () => true);
  const start = services.clock();
  async function* changing(): AsyncGenerator<BulkOperation> {
    let endedSince = start;
    let reported = new Map<BulkOperationId, string>();
    try {
      do {
        const now = services.clock();
        const found = await findChangingOperations(services.database.primary, filter, endedSince);
        const moments = new Map(found.map(operation => [operation.id, momentOf(operation)]));
        const before = reported;
        reported = moments;
        for (const operation of found)
          if (before.get(operation.id) !== moments.get(operation.id)) yield operation;
        const overlap = addSeconds(now, -overlapSeconds);
        if (overlap > endedSince) endedSince = overlap;
      } while (await changes.waitForProgress());
    } finally {
      changes.close();
    }
  }
  return stream(changes, changing());
}
