import { v7 } from 'uuid';
import type { Services } from './app/services';
import { createStateChanges } from './app/stateChanges';
import type { Config } from './config';
import { systemClock } from './domain/instant';
import type { Logger } from './logging';
import { openDatabase } from './persistence/database';

/** Connects to the database, brings its tables up to date unless told not to, and puts together what use cases work with. */
export async function openApplication(config: Config, logger: Logger): Promise<Services> {
  const database = await openDatabase({
    url: config.databaseUrl,
    replicaUrls: config.databaseReplicaUrls,
    poolSize: config.databasePoolSize,
  });
  if (config.migrate) await database.migrate();
  return {
    database,
    clock: systemClock(),
    newId: v7,
    leaseSeconds: config.leaseSeconds,
    slotWaitSeconds: config.slotWaitSeconds,
    stateChanges: createStateChanges(),
    reportError: (message, error, facts) => logger.error({ ...facts, err: error }, message),
  };
}
