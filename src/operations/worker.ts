import { setTimeout as pause } from 'node:timers/promises';
import { isDatabaseAway } from '../app/asTold';
import type { Services } from '../app/services';
import type { BulkOperation } from '../domain/bulkOperation';
import type { BulkOperationId } from '../domain/identifiers';
import { addSeconds, type Instant, secondsBetween } from '../domain/instant';
import { findNextDue } from '../persistence/ledger/batches';
import {
  type ActiveOperation,
  failOperation,
  findActiveOperations,
  findExpiredPlans,
  findOperation,
  lockOperation,
  updateOperation,
} from '../persistence/ledger/operations';
import { failureWindowSize, highestOrdinal } from './accounting';
import { BatchFailed, decideNextBatch } from './decideBatch';
import { planNextBatch } from './planBatch';
import { selectNextPage } from './selection/selectNextPage';
import type { OperationSettings } from './settings';

/** A worker that runs until it is stopped. */
export interface Worker {
  /** Finishes the batch in hand, and leaves. */
  stop(): Promise<void>;
}

/** How long a worker that finds nothing to do waits for a signal before it looks again. */
const pollMilliseconds = 500;
/** How long an operation is left alone in which everything to do is in other hands. */
const busyMilliseconds = 25;
/** How long an operation is left alone at most, whatever it waits for: it may be told something new. */
const longestRestMilliseconds = 1000;
/** How long a worker waits for a database that is gone before it tries again. */
const goneMilliseconds = 1000;
/** Under a rate, batches are no larger than what the rate allows in this time, so that a new rate takes hold soon. */
const pacedSeconds = 0.25;
const mostFailuresInARow = 5;

/** Waits for the next signal, at most so long. */
function waitForSignal(
  { workSignals }: Services,
  milliseconds: number,
  stopping: AbortSignal,
): Promise<void> {
  return new Promise(resolve => {
    const finish = () => {
      clearTimeout(timer);
      unsubscribe();
      stopping.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    const unsubscribe = workSignals.subscribe(finish);
    stopping.addEventListener('abort', finish);
    if (stopping.aborted) finish();
  });
}

/** Books runs with an operation's rate: how many may be taken now, or when to ask again. */
function pace(
  { database, clock }: Services,
  id: BulkOperationId,
  wanted: number,
): Promise<{ size: number; until: Instant | null }> {
  return database.transaction(async connection => {
    const operation = await lockOperation(database, connection, id);
    if (operation === null || operation.runsPerSecond === null) return { size: wanted, until: null };
    const now = clock();
    const { runsPerSecond, pacedUntil } = operation;
    if (pacedUntil !== null && pacedUntil > now) return { size: 0, until: pacedUntil };
    const size = Math.min(wanted, Math.max(1, Math.floor(runsPerSecond * pacedSeconds)));
    await updateOperation(connection, id, { pacedUntil: addSeconds(now, size / runsPerSecond) });
    return { size, until: null };
  });
}

/** Gives back what was booked with an operation's rate for runs that there were none of, unless the rate is another by now. */
function giveBack(
  { database }: Services,
  { id, runsPerSecond }: BulkOperation,
  unused: number,
): Promise<void> {
  return database.transaction(async connection => {
    const operation = await lockOperation(database, connection, id);
    if (!operation?.pacedUntil || !runsPerSecond || operation.runsPerSecond !== runsPerSecond) return;
    const pacedUntil = addSeconds(operation.pacedUntil, -unused / runsPerSecond);
    await updateOperation(connection, id, { pacedUntil });
  });
}

/** Decides the next batch; where that fails, ever smaller parts of it, until the runs that fail are alone. */
async function decideOrIsolate(
  services: Services,
  settings: OperationSettings,
  operation: BulkOperation,
  request: { size: number; at?: number; givesUp?: boolean },
): Promise<number> {
  try {
    return await decideNextBatch(services, settings, operation, request);
  } catch (error) {
    if (!(error instanceof BatchFailed) || request.givesUp) throw error;
    const { firstOrdinal: at, size } = error;
    services.reportError('a batch of a bulk operation failed', error.cause, {
      operationId: operation.id,
      at,
      size,
    });
    // One run by itself is tried once more, too, before it is given up.
    if (size === 1)
      return decideOrIsolate(services, settings, operation, { size, at, givesUp: request.at !== undefined });
    const half = Math.ceil(size / 2);
    const first = await decideOrIsolate(services, settings, operation, { size: half, at });
    return (
      first + (await decideOrIsolate(services, settings, operation, { size: size - half, at: at + half }))
    );
  }
}

async function decideTurn(
  services: Services,
  settings: OperationSettings,
  operation: BulkOperation,
): Promise<{ done: number; until: Instant | null }> {
  const { pauseAboveFailureRatio } = operation.definition;
  const wanted =
    pauseAboveFailureRatio === null ? settings.batchSize : Math.min(settings.batchSize, failureWindowSize);
  const { size, until } =
    operation.runsPerSecond === null
      ? { size: wanted, until: null }
      : await pace(services, operation.id, wanted);
  if (size === 0) return { done: 0, until };
  const done = await decideOrIsolate(services, settings, operation, { size });
  if (operation.runsPerSecond !== null && done < size) await giveBack(services, operation, size - done);
  if (done > 0) return { done, until: null };
  return {
    done,
    until: await findNextDue(services.database.primary, operation.id, highestOrdinal(operation)),
  };
}

/** Takes one turn of an operation. Answers whether something was done, and until when there is nothing more to do. */
async function takeTurn(
  services: Services,
  settings: OperationSettings,
  active: ActiveOperation,
): Promise<{ done: number; until: Instant | null }> {
  const operation = await findOperation(services.database.primary, active.id);
  if (operation === null) return { done: 0, until: null };
  const { status, selection } = operation;
  if (status === 'RUNNING') return decideTurn(services, settings, operation);
  if (status === 'PLANNING' && selection === null)
    return { done: await planNextBatch(services, settings, operation), until: null };
  return { done: (await selectNextPage(services, settings, operation)) ? 1 : 0, until: null };
}

/** Ends an operation that cannot go on. */
async function fail({ database, clock, operationSignals }: Services, id: BulkOperationId): Promise<void> {
  const error = `The operation failed ${mostFailuresInARow} times in a row and was given up; the log says why.`;
  await database.transaction(connection => failOperation(connection, id, error, clock()));
  operationSignals.notify(id);
}

async function expirePlans({ database, clock, operationSignals }: Services): Promise<void> {
  const now = clock();
  for (const { id } of await findExpiredPlans(database.primary, now)) {
    await database.transaction(async connection => {
      const plan = await lockOperation(database, connection, id);
      if (plan?.status === 'PLANNED')
        await updateOperation(connection, id, { status: 'EXPIRED', ended: now });
    });
    operationSignals.notify(id);
  }
}

/** What one worker remembers between its turns. */
interface Memory {
  /** The operation that had the last turn: the one behind it is next. */
  last: BulkOperationId | null;
  /** When to look at an operation again, in milliseconds of the process's clock. */
  restUntil: Map<BulkOperationId, number>;
  failures: Map<BulkOperationId, number>;
  plansLookedAt: number;
}

/** The operation whose turn it is, batch by batch in a circle; null where all rest. */
function choose(active: readonly ActiveOperation[], { last, restUntil }: Memory): ActiveOperation | null {
  const now = performance.now();
  const ready = active.filter(({ id }) => (restUntil.get(id) ?? 0) <= now);
  return ready.find(({ id }) => last !== null && id > last) ?? ready[0] ?? null;
}

async function serve(
  services: Services,
  settings: OperationSettings,
  memory: Memory,
  chosen: ActiveOperation,
): Promise<void> {
  const { id } = chosen;
  memory.last = id;
  try {
    const { done, until } = await takeTurn(services, settings, chosen);
    memory.failures.delete(id);
    const rest = until
      ? Math.min(longestRestMilliseconds, Math.max(0, secondsBetween(services.clock(), until) * 1000))
      : done > 0
        ? 0
        : busyMilliseconds;
    memory.restUntil.set(id, performance.now() + rest);
  } catch (error) {
    if (isDatabaseAway(services, error)) throw error;
    const failures = (memory.failures.get(id) ?? 0) + 1;
    services.reportError('a turn of a bulk operation failed', error, { operationId: id, failures });
    memory.failures.set(id, failures);
    memory.restUntil.set(id, performance.now() + 100 * 2 ** failures);
    if (failures < mostFailuresInARow) return;
    memory.failures.delete(id);
    await fail(services, id);
  }
}

async function look(
  services: Services,
  settings: OperationSettings,
  memory: Memory,
  stopping: AbortSignal,
): Promise<void> {
  if (performance.now() - memory.plansLookedAt > 1000) {
    memory.plansLookedAt = performance.now();
    await expirePlans(services);
  }
  const active = await findActiveOperations(services.database.primary);
  for (const id of memory.restUntil.keys()) {
    if (!active.some(operation => operation.id === id)) memory.restUntil.delete(id);
  }
  const chosen = choose(active, memory);
  if (chosen !== null) return serve(services, settings, memory, chosen);
  const rests = active.map(({ id }) => (memory.restUntil.get(id) ?? 0) - performance.now());
  await waitForSignal(services, Math.max(1, Math.min(pollMilliseconds, ...rests)), stopping);
}

/** Starts a worker: it finds work in the ledger, and serves the operations there are in turns, batch by batch. */
export function startWorker(services: Services, settings: OperationSettings): Worker {
  const stopping = new AbortController();
  const memory: Memory = { last: null, restUntil: new Map(), failures: new Map(), plansLookedAt: 0 };

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await look(services, settings, memory, stopping.signal);
      } catch (error) {
        services.reportError('the worker waits for its database', error);
        await pause(goneMilliseconds, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
