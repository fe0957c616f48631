import { Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { createOperationSignals, type OperationSignals } from '../app/operationSignals';
import type { BulkOperationId } from '../domain/identifiers';
import { isReady, keepTrying, type RedisSettings } from './redis';

/** Signals that wake workers, and how to leave. */
export interface WorkSignals extends OperationSignals {
  close(): Promise<void>;
}

const queueName = 'wake-ups';
const retryMilliseconds = 1000;

/**
 * Wakes a worker anywhere, through a BullMQ queue. Over a message to all, a queue gives two things: a wake-up waits for a
 * worker that is not there yet, and one worker is woken rather than all. A job is the id of an operation and nothing else,
 * at most one for each operation, gone when a worker took it. What there is to do stands in the ledger, which workers look
 * at by themselves as well: an emptied queue costs half a second.
 *
 * @param publisher adds the jobs, and stays open.
 * @param takesWork whether workers run in this process.
 */
export function createWorkSignals(
  publisher: Redis,
  { url, prefix }: RedisSettings,
  takesWork: boolean,
): WorkSignals {
  const here = createOperationSignals();
  const queue = new Queue<null>(queueName, { connection: publisher, prefix });
  const worker = takesWork
    ? new Worker<null>(queueName, async ({ id }) => here.notify(id as BulkOperationId), {
        connection: { url, ...keepTrying, maxRetriesPerRequest: null },
        prefix,
        runRetryDelay: retryMilliseconds,
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
      })
    : null;
  // Lost connections are reported by whoever keeps the publisher.
  queue.on('error', () => undefined);
  worker?.on('error', () => undefined);

  return {
    notify(id) {
      if (isReady(publisher)) queue.add('wake', null, { jobId: id }).catch(() => here.notify(id));
      else here.notify(id);
    },
    subscribe: here.subscribe,
    async close() {
      // By force: nothing can be in hand here, and without it BullMQ waits for a server that is away.
      await worker?.close(true);
      await queue.close();
    },
  };
}
