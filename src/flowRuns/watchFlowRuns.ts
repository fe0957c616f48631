import { unavailable } from '../domain/errors';
import type { FlowRun } from '../domain/flowRun';
import type { FlowRunFilter } from '../domain/flowRunFilter';
import type { StateChange } from '../messaging/stateChanges';
import { findMatchingAmong } from '../persistence/flowRuns/matchingFlowRuns';
import { findFlowRunsByIds } from '../persistence/flowRuns/rowsById';
import { createSubscriberBacklog } from '../platform/subscriberBacklog';
import type { Services } from '../transitions/services';
import { bytesOfChanges } from './bytesOfChanges';

/** A state change, and the run as it is after it. */
export interface FlowRunStateChange extends StateChange {
  flowRun: FlowRun;
}

/** How many changes a subscriber may be behind; the subscription of one that is further behind ends. */
export const maxBacklog = 10_000;
/** How many bytes of changes a subscriber may be behind; all subscribers share the changes in memory. */
export const maxBacklogBytes = 32_000_000;

const missed = () =>
  unavailable(
    'The instances of the gateway cannot, or for a moment could not, exchange changes, so some may be ' +
      "missing here. Subscribe again, and read what was missed from the runs' histories.",
  );

const tooSlow = () =>
  unavailable(
    `The subscriber fell more than ${maxBacklog} changes or ${maxBacklogBytes} bytes behind, and its subscription has ended. ` +
      "Subscribe again, and read what was missed from the runs' histories.",
  );

/**
 * The runs that a filter names, where only these can match; null: any run may. Changes of all others are passed over
 * without asking the database.
 */
function namedRuns(filter: FlowRunFilter | null): ReadonlySet<string> | null {
  const ids = filter?.operator === 'OR' ? undefined : filter?.id?.any;
  return ids?.length ? new Set(ids) : null;
}

/** The changes that match a filter, with their runs as they are now. */
async function findMatchingChanges(
  { database }: Services,
  changes: readonly StateChange[],
  filter: FlowRunFilter | null,
): Promise<FlowRunStateChange[]> {
  const ids = changes.map(change => change.flowRunId);
  const found = await database.scan('changes', database.primary, async manager =>
    findFlowRunsByIds(manager, [...(await findMatchingAmong(database, manager, ids, filter))]),
  );
  const runs = new Map(found.map(flowRun => [flowRun.id, flowRun]));
  return changes.flatMap(change => {
    const flowRun = runs.get(change.flowRunId);
    return flowRun === undefined ? [] : [{ ...change, flowRun }];
  });
}

/** What one subscriber asks for. */
interface Watched {
  named: ReadonlySet<string> | null;
  filter: FlowRunFilter | null;
  /** Equal for equal filters. */
  filterKey: string;
}

/** Filters that are being looked up for a batch of changes: all subscribers are sent the same batch. */
const inFlight = new WeakMap<readonly StateChange[], Map<string, Promise<FlowRunStateChange[]>>>();

/** The same, looked up once for all subscribers with an equal filter that have come to the batch at the same time. */
function shareMatchingChanges(
  services: Services,
  changes: readonly StateChange[],
  { named, filter, filterKey }: Watched,
): Promise<FlowRunStateChange[]> {
  const possible = named === null ? changes : changes.filter(({ flowRunId }) => named.has(flowRunId));
  if (possible.length === 0) return Promise.resolve([]);
  const lookups = inFlight.get(changes) ?? new Map<string, Promise<FlowRunStateChange[]>>();
  inFlight.set(changes, lookups);
  const known = lookups.get(filterKey);
  if (known !== undefined) return known;
  const lookup = findMatchingChanges(services, possible, filter).finally(() => lookups.delete(filterKey));
  lookups.set(filterKey, lookup);
  return lookup;
}

async function* matchingChanges(
  services: Services,
  batches: AsyncIterable<readonly StateChange[]>,
  watched: Watched,
): AsyncGenerator<FlowRunStateChange> {
  for await (const changes of batches) yield* await shareMatchingChanges(services, changes, watched);
}

/**
 * Every state that is written from now on, to runs that match as they are after the write; deleted runs are left out.
 * It listens from the call on until `return` is called, also amid a wait for the next change.
 *
 * @throws SwitchyardError UNAVAILABLE, from `next`, where the subscriber is more than `maxBacklog` changes behind, or
 * where changes of other instances may be missing.
 */
export function watchFlowRuns(
  services: Services,
  filter: FlowRunFilter | null,
): AsyncIterableIterator<FlowRunStateChange> {
  const backlog = createSubscriberBacklog<StateChange>(
    { maxItems: maxBacklog, maxBytes: maxBacklogBytes, bytesOf: bytesOfChanges },
    tooSlow,
  );
  const unsubscribe = services.stateChanges.subscribe(backlog.push, () => backlog.fail(missed()));
  const changes = matchingChanges(services, backlog, {
    named: namedRuns(filter),
    filter,
    filterKey: JSON.stringify(filter),
  });
  const stop = (): void => {
    unsubscribe();
    backlog.close();
  };
  return {
    async next() {
      try {
        const next = await changes.next();
        if (next.done) stop();
        return next;
      } catch (error) {
        stop();
        throw error;
      }
    },
    // A generator alone would hear of it only after the next change: until then its own `next` is pending.
    return() {
      stop();
      return changes.return(undefined);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
