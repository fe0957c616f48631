import DataLoader from 'dataloader';
import type { Extras, ExtrasOwner } from '../domain/extras';
import type { Deployment, Flow, FlowRun, TaskRun } from '../domain/flowRun';
import type { DeploymentId, FlowId, FlowRunId, StateId, TaskRunId } from '../domain/identifiers';
import type { State } from '../domain/state';
import {
  countDeploymentsOfFlows,
  type DeploymentsOfFlowRequest,
  findDeploymentsOfFlows,
} from '../persistence/flowRuns/deployments';
import { findExtras } from '../persistence/flowRuns/extras';
import type { ListedFlowRun } from '../persistence/flowRuns/flowRunPages';
import {
  countOwnedFlowRuns,
  findOwnedFlowRunPages,
  type OwnedCountRequest,
  type OwnedPageRequest,
} from '../persistence/flowRuns/ownedFlowRunPages';
import {
  findDeploymentsByIds,
  findFlowRunStatesByIds,
  findFlowRunsOfStates,
  findFlowRunsWithin,
  findFlowsByIds,
  findTaskRunStatesByIds,
  findTaskRunsByIds,
} from '../persistence/flowRuns/rowsById';
import {
  countStates,
  findStateHistories,
  type HistoryPart,
  measureExtras,
  measureFlowRunStates,
  measureStateHistories,
  measureTaskRunStates,
} from '../persistence/flowRuns/stateHistories';
import { byId } from '../platform/byId';
import { distinct } from '../platform/distinct';
import type { Services } from '../transitions/services';

/** A part of the history of one run. */
type HistoryRequest = HistoryPart & { id: FlowRunId };

/** Read runs and what belongs to them, for many objects in one statement; null if there is none. */
export interface FlowRunLoaders {
  flow: DataLoader<FlowId, Flow | null>;
  deployment: DataLoader<DeploymentId, Deployment | null>;
  flowRun: DataLoader<FlowRunId, FlowRun | null>;
  flowRunState: DataLoader<StateId, State | null>;
  /** The deployments of a flow. */
  deploymentsOfFlow: DataLoader<DeploymentsOfFlowRequest, Deployment[], string>;
  deploymentCountOfFlow: DataLoader<FlowId, number>;
  /** The run that a state belongs to; null for a state of a task run. */
  flowRunOfState: DataLoader<StateId, FlowRunId | null>;
  ownedFlowRuns: DataLoader<OwnedPageRequest, ListedFlowRun[], string>;
  ownedFlowRunCount: DataLoader<OwnedCountRequest, number, string>;
  flowRunStateCount: DataLoader<FlowRunId, number>;
  flowRunHistory: DataLoader<HistoryRequest, State[], string>;
  taskRun: DataLoader<TaskRunId, TaskRun | null>;
  taskRunState: DataLoader<StateId, State | null>;
  extras: DataLoader<ExtrasOwner, Extras, string>;
}

const partOf = ({ limit, before }: HistoryPart): string => `${limit} ${before}`;

/** Reads histories: in one statement all those of which the same part is requested. */
async function loadHistories(
  services: Services,
  spend: (bytes: number) => void,
  requests: readonly HistoryRequest[],
): Promise<State[][]> {
  const { executor, database } = services;
  const { reader } = database;
  await executor.completeHistories(services, distinct(requests.map(({ id }) => id)));
  const found = new Map<string, Map<FlowRunId, State[]>>();
  const parts = new Map(requests.map(({ limit, before }) => [partOf({ limit, before }), { limit, before }]));
  for (const [name, part] of parts) {
    const ids = requests.filter(one => partOf(one) === name).map(({ id }) => id);
    spend(await measureStateHistories(reader, ids, part));
    found.set(name, await findStateHistories(reader, ids, part));
  }
  return requests.map(one => found.get(partOf(one))?.get(one.id) ?? []);
}

/**
 * Creates the loaders of one operation.
 *
 * @param spend receives the bytes of what is read, before it is read.
 * @param cache whether a row that was read once is not read again.
 */
export function createFlowRunLoaders(
  services: Services,
  spend: (bytes: number) => void,
  cache: boolean,
): FlowRunLoaders {
  const { database } = services;
  const { reader } = database;
  return {
    flow: new DataLoader(
      byId((ids: readonly FlowId[]) => findFlowsByIds(reader, ids)),
      { cache },
    ),
    deployment: new DataLoader(
      byId((ids: readonly DeploymentId[]) => findDeploymentsByIds(reader, ids)),
      { cache },
    ),
    flowRun: new DataLoader(
      byId((ids: readonly FlowRunId[]) => findFlowRunsWithin(reader, ids, spend)),
      { cache },
    ),
    flowRunState: new DataLoader(
      byId(async (ids: readonly StateId[]) => {
        spend(await measureFlowRunStates(reader, ids));
        return findFlowRunStatesByIds(reader, ids);
      }),
      { cache },
    ),
    flowRunOfState: new DataLoader(
      async ids => {
        const runs = await findFlowRunsOfStates(reader, ids);
        return ids.map(id => runs.get(id) ?? null);
      },
      { cache },
    ),
    deploymentsOfFlow: new DataLoader(
      requests => database.scan('pages', reader, manager => findDeploymentsOfFlows(manager, requests)),
      { cache, cacheKeyFn: request => JSON.stringify(request), maxBatchSize: 200 },
    ),
    deploymentCountOfFlow: new DataLoader(
      async ids => {
        const counts = await database.scan('counts', reader, manager =>
          countDeploymentsOfFlows(manager, ids),
        );
        return ids.map(id => counts.get(id) ?? 0);
      },
      { cache },
    ),
    ownedFlowRuns: new DataLoader(
      requests => database.scan('pages', reader, manager => findOwnedFlowRunPages(manager, requests, spend)),
      { cache, cacheKeyFn: request => JSON.stringify(request), maxBatchSize: 200 },
    ),
    ownedFlowRunCount: new DataLoader(
      requests => database.scan('counts', reader, manager => countOwnedFlowRuns(manager, requests)),
      { cache, cacheKeyFn: request => JSON.stringify(request), maxBatchSize: 200 },
    ),
    flowRunStateCount: new DataLoader(
      async ids => {
        await services.executor.completeHistories(services, ids);
        const counts = await countStates(reader, ids);
        return ids.map(id => counts.get(id) ?? 0);
      },
      { cache },
    ),
    flowRunHistory: new DataLoader(requests => loadHistories(services, spend, requests), {
      cache,
      cacheKeyFn: request => `${request.id} ${partOf(request)}`,
    }),
    taskRun: new DataLoader(
      byId((ids: readonly TaskRunId[]) => findTaskRunsByIds(reader, ids)),
      { cache },
    ),
    taskRunState: new DataLoader(
      byId(async (ids: readonly StateId[]) => {
        spend(await measureTaskRunStates(reader, ids));
        return findTaskRunStatesByIds(reader, ids);
      }),
      { cache },
    ),
    extras: new DataLoader(
      async (owners: readonly ExtrasOwner[]) => {
        const ids = owners.map(({ id }) => id);
        spend(await measureExtras(reader, ids));
        return findExtras(reader, owners);
      },
      { cache, cacheKeyFn: ({ kind, id }) => `${kind} ${id}` },
    ),
  };
}
