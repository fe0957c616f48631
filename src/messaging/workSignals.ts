import { Queue, Worker } from 'bullmq';
import type { BulkOperationId } from '../domain/identifiers';
import { settleWithin } from '../platform/settleWithin';
import { createOperationSignals, type OperationSignals } from './operationSignals';
import { closingMilliseconds, connectForLong, disconnect, isReady, type RedisSettings } from './redis';
import { redisProblemOf } from './redisProblems';

/** Signals that wake workers. */
interface WorkSignals extends OperationSignals {
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
 * Creates signals that wake one worker of any process, through a BullMQ queue. Unlike a published message, a wake-up
 * waits for a worker, and wakes only one. A job is the id of an operation; each operation has at most one job, which
 * is removed when a worker takes it. The ledger alone holds the work, and workers also poll it: a lost queue costs
 * half a second. A busy worker ignores wake-ups, because it reads the ledger after each batch.
 *
 * @param takesWork whether workers run in this process.
 * @param report receives the problem of a server that replies with errors.
 */
export function createWorkSignals(
  settings: RedisSettings,
  takesWork: boolean,
  report: (problem: string) => void,
): WorkSignals {
  const { prefix } = settings;
  const here = createOperationSignals();
  // A separate connection whose commands outlast a lost server: BullMQ does not recover if its first commands fail.
  const connection = connectForLong(settings, error => onError(error));
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

  const onSuccess = () => {
    problem = null;
    retry = retryMilliseconds;
  };

  async function rest(resting: Worker<null>, milliseconds: number): Promise<void> {
    await resting.pause(true);
    clearTimeout(timer);
    timer = setTimeout(() => void resting.resume(), milliseconds).unref();
  }

  /** BullMQ retries at once if a server replies with an error. This pauses the worker, longer each time. */
  const onError = (thrown: unknown) => {
    const found = redisProblemOf(thrown);
    // Another connection reports a lost server.
    if (found === null) return;
    report(found);
    problem = found;
    if (worker === null || worker.isPaused()) return;
    void rest(worker, retry);
    retry = Math.min(retry * 2, maxRetryMilliseconds);
  };
  queue.on('error', onError);
  worker?.on('error', onError);
  worker?.on('completed', onSuccess);

  return {
    notify(id) {
      if (!isReady(connection)) return here.notify(id);
      queue.add('wake', null, { jobId: id }).then(onSuccess, (error: unknown) => {
        onError(error);
        here.notify(id);
      });
    },
    subscribe: here.subscribe,
    isConnected: () => isReady(connection) && problem === null,
    hasProblem: () => problem !== null,
    async close() {
      clearTimeout(timer);
      // Forced: no job is in progress here, and otherwise BullMQ waits for an unavailable server.
      if (worker !== null) await settleWithin(closingMilliseconds, worker.close(true));
      await settleWithin(closingMilliseconds, queue.close());
      await disconnect(connection);
    },
  };
}
