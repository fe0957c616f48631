import { setTimeout as pause } from 'node:timers/promises';
import type { BulkOperationId } from '../../domain/identifiers';
import { failOperation, findActiveOperations } from '../../persistence/operations/operations';
import { findOperationsWithUnsettledSendings } from '../../persistence/operations/sendings';
import { isDatabaseUnavailable, reasonOf } from '../../transitions/databaseErrors';
import type { Services } from '../../transitions/services';
import type { OperationSettings } from '../settings';
import { expirePlans } from './expirePlans';
import { takeTurn } from './takeTurn';
import {
  chooseTurn,
  createTurnMemory,
  forgetInactive,
  maxFailedTurns,
  recordFailure,
  restAfter,
  type TurnMemory,
} from './turnMemory';

/** A worker that runs until it is stopped. */
export interface Worker {
  /** Stops after the batch in progress. */
  stop(): Promise<void>;
}

/** How long a worker that finds nothing to do waits for a signal before it reads the ledger again. */
const pollMilliseconds = 500;
/** How long a worker waits for a database that is gone before it tries again. */
const goneMilliseconds = 1000;
/** How often a worker looks for plans that expired. */
const expiryMilliseconds = 1000;

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

/** Ends an operation that cannot continue. */
async function fail(
  { database, clock, operationSignals }: Services,
  id: BulkOperationId,
  cause: unknown,
): Promise<void> {
  const reason = reasonOf(cause) ?? 'The log says why.';
  const error = `The operation failed ${maxFailedTurns} times in a row and was given up. ${reason}`;
  await database.transaction(connection => failOperation(connection, id, error, clock()));
  operationSignals.notify(id);
}

/** What one worker remembers. */
interface Memory {
  turns: TurnMemory;
  /** When it last looked for plans that expired. */
  plansCheckedAt: number;
}

/** Gives an operation its turn. Where that fails it rests; where it fails again and again, it is given up. */
async function serve(
  services: Services,
  settings: OperationSettings,
  memory: TurnMemory,
  id: BulkOperationId,
): Promise<void> {
  memory.last = id;
  try {
    const turn = await takeTurn(services, settings, id, memory.serverFailures);
    memory.failedTurns.delete(id);
    memory.restUntil.set(id, services.monotonicClock() + restAfter(turn, services.clock()));
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error;
    const failures = recordFailure(memory, id, services.monotonicClock());
    services.reportError('a turn of a bulk operation failed', error, { operationId: id, failures });
    if (failures < maxFailedTurns) return;
    memory.failedTurns.delete(id);
    await fail(services, id, error);
  }
}

/** The operations that have work: active ones, and stopped ones of which a server may still carry out transitions. */
async function findOperationsToServe({ database, executor }: Services): Promise<BulkOperationId[]> {
  const active = await findActiveOperations(database.primary);
  if (executor.sender === null) return active;
  return [...new Set([...active, ...(await findOperationsWithUnsettledSendings(database.primary))])].sort();
}

/** Looks once for work, and does it; if there is none, waits for a signal. */
async function serveNext(
  services: Services,
  settings: OperationSettings,
  memory: Memory,
  stopping: AbortSignal,
): Promise<void> {
  const { monotonicClock } = services;
  if (monotonicClock() - memory.plansCheckedAt > expiryMilliseconds) {
    memory.plansCheckedAt = monotonicClock();
    await expirePlans(services);
  }
  const active = await findOperationsToServe(services);
  const { turns } = memory;
  forgetInactive(turns, active);
  const chosen = chooseTurn(active, turns, monotonicClock());
  if (chosen !== null) return serve(services, settings, turns, chosen);
  const rests = active.map(id => (turns.restUntil.get(id) ?? 0) - monotonicClock());
  await waitForSignal(services, Math.max(1, Math.min(pollMilliseconds, ...rests)), stopping);
}

/** Starts a worker: it finds work in the ledger, and serves the operations there are in turns, batch by batch. */
export function startWorker(services: Services, settings: OperationSettings): Worker {
  const stopping = new AbortController();
  const memory: Memory = { turns: createTurnMemory(), plansCheckedAt: 0 };

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await serveNext(services, settings, memory, stopping.signal);
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
