import DataLoader from 'dataloader';
import type { BulkOperation, BulkOperationBatch, BulkOperationCommand } from '../../domain/bulkOperation';
import type { BulkOperationId, FlowRunId } from '../../domain/identifiers';
import { findRecentBatches, type RecentBatchRequest } from '../../persistence/operations/batches';
import { findCommands } from '../../persistence/operations/commands';
import {
  countItems,
  findItemPages,
  type ItemListFilter,
  type ItemPageRequest,
  type PositionedItem,
} from '../../persistence/operations/items';
import { findOperations, findUndos } from '../../persistence/operations/operations';
import {
  countOperationsOfRuns,
  findOperationsOfRuns,
  type OperationsOfRunRequest,
} from '../../persistence/operations/operationsOfRuns';
import { findMovedAnotherState } from '../../persistence/operations/sendings';
import { byId } from '../../platform/byId';
import type { Services } from '../../transitions/services';

/** Which of an operation's items are counted. */
interface ItemCountRequest extends ItemListFilter {
  operationId: BulkOperationId;
}

/** An item, by what identifies it. */
interface ItemKey {
  operationId: BulkOperationId;
  flowRunId: FlowRunId;
}

const nameOf = ({ operationId, flowRunId }: ItemKey): string => `${operationId}:${flowRunId}`;

/** Read operations and what belongs to them, for many objects in one statement; null if there is none. */
export interface OperationLoaders {
  bulkOperation: DataLoader<BulkOperationId, BulkOperation | null>;
  /** The commands that were given to an operation, oldest first. */
  bulkOperationCommands: DataLoader<BulkOperationId, BulkOperationCommand[]>;
  /** The undo of an operation. */
  undoOfBulkOperation: DataLoader<BulkOperationId, BulkOperation | null>;
  /** The operations that have a run as an item. */
  bulkOperationsOfRun: DataLoader<OperationsOfRunRequest, BulkOperation[], string>;
  bulkOperationCountOfRun: DataLoader<FlowRunId, number>;
  bulkOperationItems: DataLoader<ItemPageRequest, PositionedItem[], string>;
  bulkOperationItemCount: DataLoader<ItemCountRequest, number, string>;
  /** Whether an item replaced another state than planned. */
  movedAnotherState: DataLoader<ItemKey, boolean, string>;
  /** The first batch of the last ones that an operation decided. */
  recentBatchOfBulkOperation: DataLoader<RecentBatchRequest, BulkOperationBatch | null, string>;
}

const filterOf = ({ statuses, codes, flowRunId }: ItemListFilter): string =>
  JSON.stringify([statuses, codes, flowRunId]);

/** Counts items: in one statement those of all operations that are requested with the same filter. */
async function loadItemCounts(
  { database }: Services,
  requests: readonly ItemCountRequest[],
): Promise<number[]> {
  const counts = new Map<string, Map<BulkOperationId, number>>();
  for (const request of requests) {
    const name = filterOf(request);
    if (counts.has(name)) continue;
    const ids = requests.filter(one => filterOf(one) === name).map(({ operationId }) => operationId);
    counts.set(name, await countItems(database.primary, ids, request));
  }
  return requests.map(request => counts.get(filterOf(request))?.get(request.operationId) ?? 0);
}

/**
 * Creates the loaders of one operation. The ledger is read where it is written, never at a replica.
 *
 * @param cache whether a row that was read once is not read again.
 */
export function createOperationLoaders(services: Services, cache: boolean): OperationLoaders {
  const { primary } = services.database;
  return {
    bulkOperation: new DataLoader(
      byId((ids: readonly BulkOperationId[]) => findOperations(primary, ids)),
      { cache },
    ),
    bulkOperationCommands: new DataLoader(
      async ids => {
        const commands = await findCommands(primary, ids);
        return ids.map(id => commands.filter(({ operationId }) => operationId === id));
      },
      { cache },
    ),
    undoOfBulkOperation: new DataLoader(
      async ids => {
        const undos = new Map((await findUndos(primary, ids)).map(undo => [undo.undoOf, undo]));
        return ids.map(id => undos.get(id) ?? null);
      },
      { cache },
    ),
    bulkOperationsOfRun: new DataLoader(requests => findOperationsOfRuns(primary, requests), {
      cache,
      cacheKeyFn: request => JSON.stringify(request),
      maxBatchSize: 200,
    }),
    bulkOperationCountOfRun: new DataLoader(
      async ids => {
        const counts = await countOperationsOfRuns(primary, ids);
        return ids.map(id => counts.get(id) ?? 0);
      },
      { cache },
    ),
    bulkOperationItems: new DataLoader(requests => findItemPages(primary, requests), {
      cache,
      cacheKeyFn: request => `${request.operationId} ${request.limit} ${request.after} ${filterOf(request)}`,
    }),
    bulkOperationItemCount: new DataLoader(requests => loadItemCounts(services, requests), {
      cache,
      cacheKeyFn: request => `${request.operationId} ${filterOf(request)}`,
    }),
    movedAnotherState: new DataLoader(
      async items => {
        const found = await findMovedAnotherState(primary, items);
        return items.map(item => found.has(nameOf(item)));
      },
      { cache, cacheKeyFn: nameOf, maxBatchSize: 1000 },
    ),
    recentBatchOfBulkOperation: new DataLoader(
      async requests => {
        const batches = await findRecentBatches(primary, requests);
        return requests.map(({ operationId }) => batches.get(operationId) ?? null);
      },
      {
        cache,
        cacheKeyFn: ({ operationId, position, since }) => `${operationId} ${position} ${since}`,
        maxBatchSize: 200,
      },
    ),
  };
}
