import DataLoader from 'dataloader';
import type { BulkOperation, BulkOperationBatch } from '../domain/bulkOperation';
import type { Extras, ExtrasOwner } from '../domain/extras';
import type { Deployment, Flow, FlowRun, TaskRun } from '../domain/flowRun';
import type {
  BulkOperationId,
  DeploymentId,
  FlowId,
  FlowRunId,
  StateId,
  TaskRunId,
} from '../domain/identifiers';
import type { State } from '../domain/state';
import type { ItemCountRequest } from '../operations/queries/findBulkOperations';
import type { Source } from '../persistence/connection/database';
import { findExtras } from '../persistence/flowRuns/extras';
import {
  countStates,
  findDeploymentsByIds,
  findFlowRunStatesByIds,
  findFlowRunsWithin,
  findFlowsByIds,
  findStateHistories,
  findTaskRunStatesByIds,
  findTaskRunsByIds,
  type HistoryPart,
  measureExtras,
  measureStateHistories,
  measureStates,
} from '../persistence/flowRuns/reading';
import { findBatchesAt, type PositionRequest } from '../persistence/operations/batches';
import {
  countItems,
  findItemPages,
  type ItemListFilter,
  type ItemPageRequest,
  type PositionedItem,
} from '../persistence/operations/items';
import { findOperations, findUndos } from '../persistence/operations/operations';
import type { Services } from '../transitions/services';
import type { ResponseBudget } from './responseBudget';

/** Finds rows by id, many at a time; null where there is none. */
export interface Loaders {
  flow: DataLoader<FlowId, Flow | null>;
  deployment: DataLoader<DeploymentId, Deployment | null>;
  flowRun: DataLoader<FlowRunId, FlowRun | null>;
  flowRunState: DataLoader<StateId, State | null>;
  flowRunStateCount: DataLoader<FlowRunId, number>;
  flowRunHistory: DataLoader<HistoryPart & { id: FlowRunId }, State[], string>;
  taskRun: DataLoader<TaskRunId, TaskRun | null>;
  taskRunState: DataLoader<StateId, State | null>;
  extras: DataLoader<ExtrasOwner, Extras, string>;
  bulkOperation: DataLoader<BulkOperationId, BulkOperation | null>;
  /** The undo of an operation. */
  undoOfBulkOperation: DataLoader<BulkOperationId, BulkOperation | null>;
  bulkOperationItems: DataLoader<ItemPageRequest, PositionedItem[], string>;
  bulkOperationItemCount: DataLoader<ItemCountRequest, number, string>;
  bulkOperationBatchAt: DataLoader<PositionRequest, BulkOperationBatch | null, string>;
}

const byId =
  <Id extends string, Row extends { id: Id }>(
    source: () => Source,
    find: (source: Source, ids: readonly Id[]) => Promise<Row[]>,
  ) =>
  async (ids: readonly Id[]): Promise<(Row | null)[]> => {
    const rows = new Map((await find(source(), ids)).map(row => [row.id, row]));
    return ids.map(id => rows.get(id) ?? null);
  };

const partOf = ({ limit, before }: HistoryPart): string => `${limit} ${before}`;

/** Reads histories: all of which the same part is asked for at once. */
async function loadHistories(
  source: Source,
  budget: ResponseBudget,
  asked: readonly (HistoryPart & { id: FlowRunId })[],
): Promise<State[][]> {
  const found = new Map<string, Map<FlowRunId, State[]>>();
  const parts = new Map(asked.map(({ limit, before }) => [partOf({ limit, before }), { limit, before }]));
  for (const [name, part] of parts) {
    const ids = asked.filter(one => partOf(one) === name).map(({ id }) => id);
    budget.spend(await measureStateHistories(source, ids, part));
    found.set(name, await findStateHistories(source, ids, part));
  }
  return asked.map(one => found.get(partOf(one))?.get(one.id) ?? []);
}

const filterOf = ({ statuses, codes }: ItemListFilter): string => JSON.stringify([statuses, codes]);

/** Counts items: those of all operations that are asked for with the same filter at once. */
async function loadItemCounts(source: Source, requests: readonly ItemCountRequest[]): Promise<number[]> {
  const counts = new Map<string, Map<BulkOperationId, number>>();
  for (const request of requests) {
    const name = filterOf(request);
    if (counts.has(name)) continue;
    const ids = requests.filter(one => filterOf(one) === name).map(({ operationId }) => operationId);
    counts.set(name, await countItems(source, ids, request));
  }
  return requests.map(request => counts.get(filterOf(request))?.get(request.operationId) ?? 0);
}

/** Makes the loaders of one request, which read where `source` says at that moment. */
export function createLoaders({ database }: Services, source: () => Source, budget: ResponseBudget): Loaders {
  return {
    flow: new DataLoader(byId(source, findFlowsByIds)),
    deployment: new DataLoader(byId(source, findDeploymentsByIds)),
    flowRun: new DataLoader(
      byId(source, (connection, ids: readonly FlowRunId[]) =>
        findFlowRunsWithin(connection, ids, budget.spend),
      ),
    ),
    flowRunState: new DataLoader(
      byId(source, async (connection, ids: readonly StateId[]) => {
        budget.spend(await measureStates(connection, 'flow_run_state', ids));
        return findFlowRunStatesByIds(connection, ids);
      }),
    ),
    flowRunStateCount: new DataLoader(async ids => {
      const counts = await countStates(source(), ids);
      return ids.map(id => counts.get(id) ?? 0);
    }),
    flowRunHistory: new DataLoader(asked => loadHistories(source(), budget, asked), {
      cacheKeyFn: one => `${one.id} ${partOf(one)}`,
    }),
    taskRun: new DataLoader(byId(source, findTaskRunsByIds)),
    taskRunState: new DataLoader(
      byId(source, async (connection, ids: readonly StateId[]) => {
        budget.spend(await measureStates(connection, 'task_run_state', ids));
        return findTaskRunStatesByIds(connection, ids);
      }),
    ),
    extras: new DataLoader(
      async (owners: readonly ExtrasOwner[]) => {
        const ids = owners.map(({ id }) => id);
        budget.spend(await measureExtras(source(), ids));
        return findExtras(source(), owners);
      },
      { cacheKeyFn: ({ kind, id }) => `${kind} ${id}` },
    ),
    // The ledger is read where it is written, never at a replica.
    bulkOperation: new DataLoader(byId(() => database.primary, findOperations)),
    undoOfBulkOperation: new DataLoader(async ids => {
      const undos = new Map((await findUndos(database.primary, ids)).map(undo => [undo.undoOf, undo]));
      return ids.map(id => undos.get(id) ?? null);
    }),
    bulkOperationItems: new DataLoader(requests => findItemPages(database.primary, requests), {
      cacheKeyFn: request => `${request.operationId} ${request.limit} ${request.after} ${filterOf(request)}`,
    }),
    bulkOperationItemCount: new DataLoader(requests => loadItemCounts(database.primary, requests), {
      cacheKeyFn: request => `${request.operationId} ${filterOf(request)}`,
    }),
    bulkOperationBatchAt: new DataLoader(
      async requests => {
        const batches = await findBatchesAt(database.primary, requests);
        return requests.map(({ operationId }) => batches.get(operationId) ?? null);
      },
      { cacheKeyFn: ({ operationId, position }) => `${operationId} ${position}`, maxBatchSize: 200 },
    ),
  };
}
