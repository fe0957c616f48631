import { v7 } from 'uuid';
import type { Services } from './app/services';
import { type Config, ConfigurationError } from './config';
import { answersClients, type Role, takesWork } from './configuration/role';
import { systemClock } from './domain/instant';
import type { Logger } from './logging';
import { type Messaging, messagingInProcess, messagingThroughRedis } from './messaging';
import type { Database } from './persistence/database';
import { openWhenReachable, RefusedByDatabase } from './persistence/openWhenReachable';
import { findFlowRunStatesByIds } from './persistence/reading';

/** What use cases work with, and how to let go of it. */
export interface Application extends Services {
  /** Closes connections; nothing may be in hand any more. */
  close(): Promise<void>;
}

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

// Installations that share a Redis server are told apart by their databases.
const prefixOf = (databaseUrl: string): string =>
  `switchyard:${databaseUrl.startsWith('file:') ? 'embedded' : new URL(databaseUrl).pathname.slice(1)}`;

function connectMessaging(config: Config, role: Role, database: Database, logger: Logger): Messaging {
  const { redisUrl, databaseUrl } = config;
  if (redisUrl === undefined) {
    if (role !== 'all')
      logger.warn(
        'without REDIS_URL, workers look for work twice a second, and flowRunStateChanged tells only of the writes of its own process',
      );
    return messagingInProcess();
  }
  const options = {
    url: redisUrl,
    prefix: prefixOf(databaseUrl),
    watches: answersClients(role),
    takesWork: takesWork(role),
    findStates: (ids: Parameters<typeof findFlowRunStatesByIds>[1]) =>
      findFlowRunStatesByIds(database.primary, ids),
  };
  return messagingThroughRedis(options, logger);
}

/**
 * Connects to the database, brings its tables up to date unless told not to, and puts together what use cases work with.
 * Waits for a database that does not answer yet, but not for Redis.
 *
 * @throws ConfigurationError where the database turns us away.
 */
export async function openApplication(
  config: Config,
  logger: Logger,
  role: Role = 'all',
): Promise<Application> {
  if (role !== 'all' && config.databaseUrl.startsWith('file:'))
    throw new ConfigurationError([
      `--role ${role} needs a MySQL or MariaDB server, for only one process may use an embedded database. Set DATABASE_URL, or leave --role out`,
    ]);
  const database = await open(config, logger);
  const { close: closeMessaging, ...messaging } = connectMessaging(config, role, database, logger);
  return {
    ...messaging,
    database,
    clock: systemClock(),
    newId: v7,
    leaseSeconds: config.leaseSeconds,
    slotWaitSeconds: config.slotWaitSeconds,
    maxPageSize: config.maxPageSize,
    reportError: (message, error, facts) => logger.error({ ...facts, err: error }, message),
    async close() {
      await closeMessaging();
      await database.close();
    },
  };
}
