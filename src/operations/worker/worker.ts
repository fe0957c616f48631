import { setTimeout as pause } from 'node:timers/promises';
import type { BulkOperationId } from '../../domain/identifiers';
import { type Instant, secondsBetween } from '../../domain/instant';
import {
  failOperation,
  findActiveOperations,
  findExpiredPlans,
  lockOperation,
  updateOperation,
} from '../../persistence/operations/operations';
import { isDatabaseUnavailable, reasonOf } from '../../transitions/databaseErrors';
import type { Services } from '../../transitions/services';
import type { OperationSettings } from '../settings';
import { type Turn, takeTurn } from './turn';

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
const maxRestMilliseconds = 1000;
/** How long a worker waits for a database that is gone before it tries again. */
const goneMilliseconds = 1000;
/** How often a worker looks for plans that expired. */
const expiryMilliseconds = 1000;
const maxFailuresInARow = 5;
/** How long an operation is left alone after a first failure; after each further one twice as long. */
const failureMilliseconds = 200;

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

/** Ends an operation that cannot go on. */
async function fail(
  { database, clock, operationSignals }: Services,
  id: BulkOperationId,
  cause: unknown,
): Promise<void> {
  const reason = reasonOf(cause) ?? 'The log says why.';
  const error = `The operation failed ${maxFailuresInARow} times in a row and was given up. ${reason}`;
  await database.transaction(connection => failOperation(connection, id, error, clock()));
  operationSignals.notify(id);
}

/** Ends the plans that nobody started in time. */
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
  /** How often in a row the turns of an operation failed. */
  failures: Map<BulkOperationId, number>;
  /** When it last looked for plans that expired. */
  plansLookedAt: number;
}

/** The operation whose turn it is, batch by batch in a circle; null where all rest. */
function choose(active: readonly BulkOperationId[], { last, restUntil }: Memory): BulkOperationId | null {
  const now = performance.now();
  const ready = active.filter(id => (restUntil.get(id) ?? 0) <= now);
  return ready.find(id => last !== null && id > last) ?? ready[0] ?? null;
}

/** How long to leave an operation alone after a turn, in milliseconds. */
function restAfter({ done, until }: Turn, now: Instant): number {
  if (until !== null) return Math.min(maxRestMilliseconds, Math.max(0, secondsBetween(now, until) * 1000));
  return done > 0 ? 0 : busyMilliseconds;
}

/** Gives an operation its turn. Where that fails it rests; where it fails again and again, it is given up. */
async function serve(
  services: Services,
  settings: OperationSettings,
  memory: Memory,
  id: BulkOperationId,
): Promise<void> {
  memory.last = id;
  try {
    const turn = await takeTurn(services, settings, id);
    memory.failures.delete(id);
    memory.restUntil.set(id, performance.now() + restAfter(turn, services.clock()));
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error;
    const failures = (memory.failures.get(id) ?? 0) + 1;
    services.reportError('a turn of a bulk operation failed', error, { operationId: id, failures });
    memory.failures.set(id, failures);
    memory.restUntil.set(id, performance.now() + failureMilliseconds * 2 ** (failures - 1));
    if (failures < maxFailuresInARow) return;
    memory.failures.delete(id);
    await fail(services, id, error);
  }
}

/** Looks once for what there is to do, and does it; where there is nothing, waits for a signal. */
async function look(
  services: Services,
  settings: OperationSettings,
  memory: Memory,
  stopping: AbortSignal,
): Promise<void> {
  if (performance.now() - memory.plansLookedAt > expiryMilliseconds) {
    memory.plansLookedAt = performance.now();
    await expirePlans(services);
  }
  const active = await findActiveOperations(services.database.primary);
  for (const id of memory.restUntil.keys()) {
    if (!active.includes(id)) memory.restUntil.delete(id);
  }
  const chosen = choose(active, memory);
  if (chosen !== null) return serve(services, settings, memory, chosen);
  const rests = active.map(id => (memory.restUntil.get(id) ?? 0) - performance.now());
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
        if (isDatabaseUnavailable(error))
          services.reportUnavailable('the worker waits for its database', error);
        else services.reportError('the worker failed', error);
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
