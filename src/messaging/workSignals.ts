import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { createOperationSignals, type OperationSignals } from '../app/operationSignals';
import type { BulkOperationId } from '../domain/identifiers';
import { settleWithin } from '../settleWithin';
import {
  addressOptions,
  closingMilliseconds,
  disconnect,
  isReady,
  keepTrying,
  type RedisSettings,
} from './redis';

/** Signals that wake workers, and how to leave. */
export interface WorkSignals extends OperationSignals {
  /** Whether the queue can be reached now. */
  isConnected(): boolean;
  close(): Promise<void>;
}

const queueName = 'wake-ups';
const retryMilliseconds = 1000;

/**
 * Wakes a worker anywhere, through a BullMQ queue. Over a message to all, a queue gives two things: a wake-up waits for a
 * worker that is not there yet, and one worker is woken rather than all. A job is the id of an operation and nothing else,
 * at most one for each operation, gone when a worker took it. What there is to do stands in the ledger, which workers look
 * at by themselves as well: an emptied queue costs half a second. A worker that is busy is woken for nothing, for it looks
 * at the ledger after its batch anyway.
 *
 * @param takesWork whether workers run in this process.
 */
export function createWorkSignals({ url, prefix }: RedisSettings, takesWork: boolean): WorkSignals {
  const here = createOperationSignals();
  // A connection of its own, whose commands outlast a lost server: BullMQ never recovers from one that fails as it begins.
  const connection = new Redis({ ...addressOptions(url), ...keepTrying, maxRetriesPerRequest: null });
  const queue = new Queue<null>(queueName, { connection, prefix });
  const worker = takesWork
    ? new Worker<null>(queueName, async ({ id }) => here.notify(id as BulkOperationId), {
        connection,
        prefix,
        runRetryDelay: retryMilliseconds,
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
      })
    : null;
  // A lost server is reported once, by another connection.
  connection.on('error', () => undefined);
  queue.on('error', () => undefined);
  worker?.on('error', () => undefined);

  return {
    notify(id) {
      if (isReady(connection)) queue.add('wake', null, { jobId: id }).catch(() => here.notify(id));
      else here.notify(id);
    },
    subscribe: here.subscribe,
    isConnected: () => isReady(connection),
    async close() {
      // By force: nothing can be in hand here, and without it BullMQ waits for a server that is away.
      if (worker !== null) await settleWithin(closingMilliseconds, worker.close(true));
      await settleWithin(closingMilliseconds, queue.close());
      await disconnect(connection);
    },
  };
}
