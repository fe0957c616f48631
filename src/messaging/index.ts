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

/** How instances tell each other of what they did. Nothing here is needed for what is done to be right. */
export interface Messaging {
  /** Told of every state that was written. */
  stateChanges: StateChanges;
  /** Told whenever something moved in a bulk operation: who watches it looks again. */
  operationSignals: OperationSignals;
  /** Told whenever there is something new to do in a bulk operation: a worker that waits looks again. */
  workSignals: OperationSignals;
  /** Whether Redis can be used now; null: there is none. */
  isRedisConnected: () => boolean | null;
  close(): Promise<void>;
}

/** For a process that is alone. */
export const messagingInProcess = (): Messaging => ({
  stateChanges: createStateChanges(),
  operationSignals: createOperationSignals(),
  workSignals: createOperationSignals(),
  isRedisConnected: () => null,
  close: () => Promise.resolve(),
});

/** What a process does with messages. */
export interface MessagingOptions extends RedisSettings {
  /** Whether clients watch things through this process. */
  watches: boolean;
  /** Whether workers run in it. */
  takesWork: boolean;
  findStates: FindStates;
}

/** For several processes: through Redis. It does not wait for Redis, and goes on without it for as long as it is away. */
export function messagingThroughRedis(options: MessagingOptions, logger: Logger): Messaging {
  const publisher = connectForNow(options);
  const host = hostText(parseRedisAddress(options.url));
  /** What was reported since the server could be used last. */
  const reported = new Set<string>();
  let isUsable = false;
  const report = (reason: string) => {
    if (!reported.has(reason)) logger.warn(`Redis at ${host} cannot be used (${reason}); trying again`);
    reported.add(reason);
  };
  const connectionLost = 'the connection is lost';
  // Whatever ended a connection was reported just before.
  const onClose = () => {
    isUsable = false;
    if (reported.size === 0) report(connectionLost);
  };
  const checkServer = async (): Promise<void> => {
    const problem = await findRedisProblem(publisher);
    if (problem !== null) return report(problem);
    // The connection may have been lost meanwhile.
    if (!isReady(publisher)) return;
    isUsable = true;
    if (!workSignals.hasProblem()) reported.clear();
    logger.info(`connected to Redis at ${host}`);
  };
  publisher.on('error', (error: Error & { code?: string }) => {
    const found = redisProblemOf(error) ?? error.code ?? error.name;
    // Later errors of an outage only follow from the first.
    if (reported.size === 0 || redisProblemOf(error) !== null) report(found);
  });
  publisher.on('close', onClose);
  publisher.on('ready', () => {
    void checkServer();
  });

  const bus = openBus(publisher, options, options.watches);
  const workSignals = createWorkSignals(options, options.takesWork, report);
  return {
    stateChanges: createSharedStateChanges(bus, options.findStates, error =>
      logger.warn({ err: error }, 'state changes cannot be read: those who watch them are let go'),
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
