import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { BulkOperationId } from '../domain/identifiers';
import { settleWithin } from '../platform/settleWithin';
import { createOperationSignals, type OperationSignals } from './operationSignals';
import {
  addressOptions,
  closingMilliseconds,
  disconnect,
  isReady,
  keepTrying,
  type RedisSettings,
} from './redis';
import { redisProblemOf } from './redisProblems';

/** Signals that wake workers, and how to leave. */
export interface WorkSignals extends OperationSignals {
  /** Whether the queue can be reached now. */
  isConnected(): boolean;
  /** Whether the server replied to the last request with an error. */
  hasProblem(): boolean;
  close(): Promise<void>;
}

const queueName = 'wake-ups';
const retryMilliseconds = 1000;
const maxRetryMilliseconds = 30_000;

/**
 * Wakes a worker anywhere, through a BullMQ queue. Over a message to all, a queue gives two things: a wake-up waits for a
 * worker that is not there yet, and one worker is woken rather than all. A job is the id of an operation and nothing else,
 * at most one for each operation, gone when a worker took it. What there is to do stands in the ledger, which workers look
 * at by themselves as well: an emptied queue costs half a second. A worker that is busy is woken for nothing, for it looks
 * at the ledger after its batch anyway.
 *
 * @param takesWork whether workers run in this process.
 * @param report receives what is wrong with a server that replies with errors.
 */
export function createWorkSignals(
  { url, prefix }: RedisSettings,
  takesWork: boolean,
  report: (problem: string) => void,
): WorkSignals {
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
  let problem: string | null = null;
  let retry = retryMilliseconds;
  let timer: NodeJS.Timeout | undefined;

  const onWorks = () => {
    problem = null;
    retry = retryMilliseconds;
  };

  async function rest(resting: Worker<null>, milliseconds: number): Promise<void> {
    await resting.pause(true);
    clearTimeout(timer);
    timer = setTimeout(() => void resting.resume(), milliseconds).unref();
  }

  /** BullMQ asks again at once where a server replies with an error: it pauses, ever longer. */
  const onError = (thrown: unknown) => {
    const found = redisProblemOf(thrown);
    // A lost server is reported once, by another connection.
    if (found === null) return;
    report(found);
    problem = found;
    if (worker === null || worker.isPaused()) return;
    void rest(worker, retry);
    retry = Math.min(retry * 2, maxRetryMilliseconds);
  };
  connection.on('error', onError);
  queue.on('error', onError);
  worker?.on('error', onError);
  worker?.on('completed', onWorks);

  return {
    notify(id) {
      if (!isReady(connection)) return here.notify(id);
      queue.add('wake', null, { jobId: id }).then(onWorks, (error: unknown) => {
        onError(error);
        here.notify(id);
      });
    },
    subscribe: here.subscribe,
    isConnected: () => isReady(connection) && problem === null,
    hasProblem: () => problem !== null,
    async close() {
      clearTimeout(timer);
      // By force: nothing can be in hand here, and without it BullMQ waits for a server that is away.
      if (worker !== null) await settleWithin(closingMilliseconds, worker.close(true));
      await settleWithin(closingMilliseconds, queue.close());
      await disconnect(connection);
    },
  };
}
