import { parseRedisAddress } from '../config/redisAddress';
import { hostText } from '../config/serverAddress';
import type { Logger } from '../platform/logging';
import { openBus } from './bus';
import { createOperationSignals, type OperationSignals } from './operationSignals';
import { connectForNow, disconnect, isReady, type RedisSettings } from './redis';
import { findRedisProblem, redisProblemOf } from './redisProblems';
import { createSharedOperationSignals } from './sharedOperationSignals';
import { createSharedStateChanges, type FindStates } from './sharedStateChanges';
import { createStateChanges, type StateChanges } from './stateChanges';
import { createWorkSignals } from './workSignals';

/** The notifications between instances. Correctness never depends on them. */
export interface Messaging {
  /** Every state that is written. */
  stateChanges: StateChanges;
  /** Every change of a bulk operation, for its watchers. */
  operationSignals: OperationSignals;
  /** Every bulk operation with new work, for waiting workers. */
  workSignals: OperationSignals;
  /** Whether Redis can be used now; null if it is not configured. */
  isRedisConnected: () => boolean | null;
  close(): Promise<void>;
}

/** Creates messaging for a single process. */
export const messagingInProcess = (): Messaging => ({
  stateChanges: createStateChanges(),
  operationSignals: createOperationSignals(),
  workSignals: createOperationSignals(),
  isRedisConnected: () => null,
  close: () => Promise.resolve(),
});

/** How a process uses messages. */
export interface MessagingOptions extends RedisSettings {
  /** Whether clients subscribe through this process. */
  watches: boolean;
  /** Whether workers run in this process. */
  takesWork: boolean;
  findStates: FindStates;
}

/**
 * Creates messaging between processes through Redis. It does not wait for Redis, and continues without it during an
 * outage.
 */
export function messagingThroughRedis(options: MessagingOptions, logger: Logger): Messaging {
  const host = hostText(parseRedisAddress(options.url));
  /** The reasons that were reported since Redis could last be used. */
  const reported = new Set<string>();
  let isUsable = false;
  const report = (reason: string) => {
    if (!reported.has(reason)) logger.warn(`Redis at ${host} cannot be used (${reason}); trying again`);
    reported.add(reason);
  };
  const publisher = connectForNow(options, error => {
    const found = redisProblemOf(error) ?? error.code ?? error.name;
    // Later errors of an outage follow from the first.
    if (reported.size === 0 || redisProblemOf(error) !== null) report(found);
  });
  const connectionLost = 'the connection is lost';
  // The cause of a closed connection was reported just before.
  const onClose = () => {
    isUsable = false;
    if (reported.size === 0) report(connectionLost);
  };
  const checkServer = async (): Promise<void> => {
    const problem = await findRedisProblem(publisher);
    if (problem !== null) return report(problem);
    // The connection may have been lost in the meantime.
    if (!isReady(publisher)) return;
    isUsable = true;
    if (!workSignals.hasProblem()) reported.clear();
    logger.info(`connected to Redis at ${host}`);
  };
  publisher.on('close', onClose);
  publisher.on('ready', () => {
    void checkServer();
  });

  const bus = openBus(publisher, options, options.watches);
  const workSignals = createWorkSignals(options, options.takesWork, report);
  return {
    stateChanges: createSharedStateChanges(bus, options.findStates, error =>
      logger.warn({ err: error }, 'state changes cannot be read: their subscriptions end'),
    ),
    operationSignals: createSharedOperationSignals(bus),
    workSignals,
    isRedisConnected: () =>
      isReady(publisher) && isUsable && workSignals.isConnected() && (bus.isListening() || !options.watches),
    async close() {
      publisher.off('close', onClose);
      await Promise.all([bus.close(), workSignals.close()]);
      await disconnect(publisher);
    },
  };
}
