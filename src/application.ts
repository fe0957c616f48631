import { v7 } from 'uuid';
import { createOperationSignals } from './app/operationSignals';
import type { Services } from './app/services';
import { createStateChanges } from './app/stateChanges';
import { type Config, ConfigurationError } from './config';
import { systemClock } from './domain/instant';
import type { Logger } from './logging';
import type { Database } from './persistence/database';
import { openWhenReachable, RefusedByDatabase } from './persistence/openWhenReachable';

/** An address without the password in it. */
const addressOf = (url: string): string => (url.startsWith('file:') ? url : new URL(url).host);

const reasonOf = (error: unknown): string => {
  const { message, code } = (error ?? {}) as { message?: unknown; code?: unknown };
  return String(message || code);
};

async function open(config: Config, logger: Logger): Promise<Database> {
  const { databaseUrl: url, databaseReplicaUrls: replicaUrls, databasePoolSize: poolSize, migrate } = config;
  const addresses = [url, ...replicaUrls].map(addressOf).join(', ');
  try {
    return await openWhenReachable({ url, replicaUrls, poolSize, migrate }, (error, seconds) =>
      logger.warn(`no database answers at ${addresses} (${reasonOf(error)}); trying again in ${seconds} s`),
    );
  } catch (error) {
    if (!(error instanceof RefusedByDatabase)) throw error;
    throw new ConfigurationError([`the database at ${addresses} turns this process away: ${error.message}`]);
  }
}

/**
 * Connects to the database, brings its tables up to date unless told not to, and puts together what use cases work with.
 * Waits for a database that does not answer yet.
 *
 * @throws ConfigurationError where the database turns us away.
 */
export async function openApplication(config: Config, logger: Logger): Promise<Services> {
  return {
    database: await open(config, logger),
    clock: systemClock(),
    newId: v7,
    leaseSeconds: config.leaseSeconds,
    slotWaitSeconds: config.slotWaitSeconds,
    stateChanges: createStateChanges(),
    operationSignals: createOperationSignals(),
    reportError: (message, error, facts) => logger.error({ ...facts, err: error }, message),
  };
}
