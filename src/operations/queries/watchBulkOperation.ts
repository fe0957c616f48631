import type { BulkOperation } from '../../domain/bulkOperation';
import { hasEnded } from '../../domain/bulkOperationEnums';
import { badUserInput, notFound } from '../../domain/errors';
import type { BulkOperationId } from '../../domain/identifiers';
import { findBatchesFrom } from '../../persistence/operations/batches';
import { findItems, type PositionedItem } from '../../persistence/operations/items';
import { findOperation } from '../../persistence/operations/operations';
import type { Services } from '../../transitions/services';

/** How long a watcher waits for a signal before it looks into the ledger by itself. */
const pollMilliseconds = 1000;
/** Milliseconds between two reports of progress: at most four come in a second. */
const progressMilliseconds = 250;

/** Waits for signals about one operation. A signal that comes between two waits ends the next one. */
interface ChangeNotifier {
  /** Waits for a signal, at most so long; false once it is closed, also amid a wait. */
  waitForChange(milliseconds: number): Promise<boolean>;
  close(): void;
}

function subscribe({ operationSignals }: Services, id: BulkOperationId): ChangeNotifier {
  let isOpen = true;
  let hasChanged = false;
  let wake: (() => void) | null = null;
  const unsubscribe = operationSignals.subscribe(moved => {
    if (moved !== id) return;
    hasChanged = true;
    wake?.();
  });
  return {
    async waitForChange(milliseconds) {
      if (!hasChanged && isOpen) {
        await new Promise<void>(resolve => {
          const timer = setTimeout(resolve, milliseconds);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wake = null;
      hasChanged = false;
      return isOpen;
    },
    close() {
      isOpen = false;
      unsubscribe();
      wake?.();
    },
  };
}

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

/** A stream whose source is closed at once when its reader leaves, even while it waits. */
function stream<Value>(changes: ChangeNotifier, source: AsyncGenerator<Value>): AsyncGenerator<Value> {
  const leave = source.return.bind(source);
  source.return = value => {
    changes.close();
    return leave(value);
  };
  return source;
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
  const changes = subscribe(services, id);
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
        if (!(await changes.waitForChange(pollMilliseconds))) return;
      }
    } finally {
      changes.close();
    }
  }
  return stream(changes, items());
}

/** The fields whose change is reported as progress. */
const movingParts = [
  'status',
  'pausedFor',
  'matched',
  'pending',
  'accepted',
  'rejected',
  'aborted',
  'waiting',
  'skipped',
  'runsPerSecond',
] as const satisfies readonly (keyof BulkOperation)[];

const momentOf = (operation: BulkOperation): string =>
  JSON.stringify(movingParts.map(part => operation[part]));

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
  const changes = subscribe(services, id);
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
        const reportedAt = services.monotonicClock();
        if (!(await changes.waitForChange(pollMilliseconds))) return;
        const rest = progressMilliseconds - (services.monotonicClock() - reportedAt);
        if (rest > 0) await new Promise(resolve => setTimeout(resolve, rest));
      }
    } finally {
      changes.close();
    }
  }
  return stream(changes, progress());
}
