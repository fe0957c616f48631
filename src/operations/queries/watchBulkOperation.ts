import type { BulkOperation } from '../../domain/bulkOperation';
import { hasEnded } from '../../domain/bulkOperationEnums';
import { badUserInput, notFound } from '../../domain/errors';
import type { BulkOperationId } from '../../domain/identifiers';
import { findBatchesFrom } from '../../persistence/operations/batches';
import { findItems, type PositionedItem } from '../../persistence/operations/items';
import { findOperation } from '../../persistence/operations/operations';
import type { Services } from '../../transitions/services';
import { stream, subscribe } from './changeNotifier';
import { momentOf } from './momentOf';

const gone = (id: BulkOperationId) => notFound(`bulk operation ${id}`);

async function mustFind({ database }: Services, id: BulkOperationId): Promise<BulkOperation> {
  const operation = await findOperation(database.primary, id);
  if (operation === null) throw gone(id);
  return operation;
}

/** The decided items behind a position, of one batch at a time: memory does not grow with the operation. */
async function nextItems(
  { database }: Services,
  id: BulkOperationId,
  position: number,
): Promise<PositionedItem[]> {
  const { primary } = database;
  for (const batch of await findBatchesFrom(primary, id, position + 1, 2)) {
    const first = batch.firstPosition ?? 0;
    const items = (await findItems(primary, id, batch.firstOrdinal, batch.lastOrdinal))
      .map(item => ({ ...item, position: first + (item.indexInBatch ?? 0) }))
      .filter(item => item.batch === batch.firstOrdinal && item.position > position);
    if (items.length > 0) return items;
  }
  return [];
}

/**
 * Every decided item once, in commit order, from just behind a position on; ends with the operation. It is read from the
 * ledger at the reader's pace.
 *
 * @throws SwitchyardError NOT_FOUND where there is no such operation, BAD_USER_INPUT where it has not come to the position.
 */
export async function watchBulkOperationItems(
  services: Services,
  id: BulkOperationId,
  after: number,
): Promise<AsyncGenerator<PositionedItem>> {
  const { lastPosition } = await mustFind(services, id);
  if (after > lastPosition)
    throw badUserInput([{ path: ['after'], message: 'is a cursor that the operation has not come to' }]);
  const changes = subscribe(services, moved => moved === id);
  async function* items(): AsyncGenerator<PositionedItem> {
    let position = after;
    try {
      for (;;) {
        // Asked before the items: what was decided by the end is then sure to be seen.
        const operation = await mustFind(services, id);
        for (let page = await nextItems(services, id, position); page.length > 0; ) {
          for (const item of page) {
            // Positions have no gaps: what is missing was deleted, for the operation ended long ago.
            if (item.position !== position + 1) throw gone(id);
            position = item.position;
            yield item;
          }
          page = await nextItems(services, id, position);
        }
        if (hasEnded(operation)) {
          if (position < operation.lastPosition) throw gone(id);
          return;
        }
        if (!(await changes.waitForChange())) return;
      }
    } finally {
      changes.close();
    }
  }
  return stream(changes, items());
}

/**
 * The operation as it is, and whenever its status or counts moved, at most four times a second; ends with it.
 *
 * @throws SwitchyardError NOT_FOUND where there is no such operation.
 */
export async function watchBulkOperationProgress(
  services: Services,
  id: BulkOperationId,
): Promise<AsyncGenerator<BulkOperation>> {
  await mustFind(services, id);
  const changes = subscribe(services, moved => moved === id);
  async function* progress(): AsyncGenerator<BulkOperation> {
    let reported = '';
    try {
      for (;;) {
        const operation = await mustFind(services, id);
        const moment = momentOf(operation);
        if (moment !== reported) {
          reported = moment;
          yield operation;
        }
        if (hasEnded(operation)) return;
        if (!(await changes.waitForProgress())) return;
      }
    } finally {
      changes.close();
    }
  }
  return stream(changes, progress());
}
