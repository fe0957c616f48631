import { readFileSync } from 'node:fs';
import { v7 } from 'uuid';
import { type Attachment, attach } from './attach';
import { type Config, ConfigurationError } from './config/config';
import { databaseAddressText, databaseNameOf, parseDatabaseAddress } from './config/databaseAddress';
import { type Role, servesClients, takesWork } from './config/role';
import { settings } from './config/settings';
import { systemClock } from './domain/instant';
import { type Messaging, messagingInProcess, messagingThroughRedis } from './messaging';
import type { Database } from './persistence/connection/database';
import { DatabaseRefusedError, openWhenReachable } from './persistence/connection/openWhenReachable';
import type { TlsFiles } from './persistence/connection/serverConnection';
import { findFlowRunStatesByIds } from './persistence/flowRuns/rowsById';
import type { Logger } from './platform/logging';
import { localExecutor } from './transitions/localExecutor';
import { createOutageReports, type ReportUnavailable } from './transitions/outageReports';
import type { Services } from './transitions/services';

/** The services of the application. */
interface Application extends Services {
  /** The Prefect server that the gateway is attached to; null where it stores runs itself. */
  attachment: Attachment | null;
  /** Closes connections. No work may be in progress. */
  close(): Promise<void>;
}

const messageOf = (error: unknown): string => {
  const { message, code } = (error ?? {}) as { message?: unknown; code?: unknown };
  return String(message || code);
};

/** Reads the files that settings name. */
function readTlsFiles(config: Config): TlsFiles {
  const read = (
    key: 'databaseCa' | 'databaseClientCertificate' | 'databaseClientKey',
  ): string | undefined => {
    const path = config[key];
    if (path === undefined) return undefined;
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      throw new ConfigurationError([`${settings[key].name} cannot be read: ${messageOf(error)}`]);
    }
  };
  return {
    ca: read('databaseCa'),
    certificate: read('databaseClientCertificate'),
    key: read('databaseClientKey'),
  };
}

const tlsRequiredNumber = 3159;
const unknownVariableNumber = 1193;

/** The advice for a database that refuses this process. */
function adviceFor(cause: unknown): string {
  const { errno, code } = (cause ?? {}) as { errno?: unknown; code?: unknown };
  if (errno === tlsRequiredNumber) return '. Add ?ssl-mode=REQUIRED to DATABASE_URL';
  if (errno === unknownVariableNumber)
    return '. Write mariadb:// in DATABASE_URL for a MariaDB server, and mysql:// for a MySQL server';
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT')
    return '. The server has no TLS: configure it there, or set ssl-mode=DISABLED in DATABASE_URL';
  if (typeof code === 'string' && /CERT|SSL|TLS|ISSUER|SIGNATURE/.test(code))
    return '. Check ssl-mode in DATABASE_URL, and DATABASE_CA';
  return '';
}

/** Logs what to do if the migrations of the database are not those of this program. */
async function reportMigrations(database: Database, logger: Logger): Promise<void> {
  const { missing, unknown } = await database.migrationStatus();
  if (missing > 0)
    logger.error(
      `the database lacks ${missing} migrations: run "switchyard migrate up", or start once with MIGRATE=on. Until then requests receive UNAVAILABLE`,
    );
  if (unknown > 0)
    logger.warn(
      `the database has ${unknown} migrations that this version does not know: a newer version has migrated it`,
    );
}

/**
 * Connects to the database of a configuration, and migrates it if configured. Waits for a database that does not respond
 * yet, and logs that.
 *
 * @throws ConfigurationError if the database refuses the process.
 */
export async function openConfiguredDatabase(
  config: Config,
  logger: Logger,
  report: ReportUnavailable,
): Promise<Database> {
  const urls = [config.databaseUrl, ...config.databaseReplicaUrls];
  const addresses = urls.map(url => databaseAddressText(parseDatabaseAddress(url))).join(', ');
  const options = {
    url: config.databaseUrl,
    replicaUrls: config.databaseReplicaUrls,
    poolSize: config.databasePoolSize,
    statementSeconds: config.databaseStatementSeconds,
    tlsFiles: readTlsFiles(config),
    migrate: config.migrate,
    onReplicaAway: (error: unknown) => report('a replica is left out', error),
  };
  try {
    return await openWhenReachable(options, (error, seconds) =>
      logger.warn(`no database responds at ${addresses} (${messageOf(error)}); trying again in ${seconds} s`),
    );
  } catch (error) {
    if (!(error instanceof DatabaseRefusedError)) throw error;
    const { message, cause } = error;
    throw new ConfigurationError([
      `the database at ${addresses} does not accept this process: ${message}${adviceFor(cause)}`,
    ]);
  }
}

// Installations that share a Redis server use different databases.
const prefixOf = (databaseUrl: string): string =>
  `switchyard:${databaseNameOf(parseDatabaseAddress(databaseUrl))}`;

function connectMessaging(config: Config, role: Role, database: Database, logger: Logger): Messaging {
  const { redisUrl, databaseUrl } = config;
  if (redisUrl === undefined) {
    if (role !== 'all')
      logger.warn(
        'without REDIS_URL, workers poll for work twice a second, and flowRunStateChanged shows only the writes of its own process',
      );
    return messagingInProcess();
  }
  const options = {
    url: redisUrl,
    prefix: prefixOf(databaseUrl),
    watches: servesClients(role),
    takesWork: takesWork(role),
    findStates: (ids: Parameters<typeof findFlowRunStatesByIds>[1]) =>
      findFlowRunStatesByIds(database.primary, ids),
  };
  return messagingThroughRedis(options, logger);
}

/**
 * Connects to the database, migrates it if configured, and creates the services. Waits for a database that does not
 * respond yet, but not for Redis.
 *
 * @throws ConfigurationError if the database refuses the process.
 */
export async function openApplication(
  config: Config,
  logger: Logger,
  role: Role = 'all',
): Promise<Application> {
  if (role !== 'all' && config.databaseUrl.startsWith('file:'))
    throw new ConfigurationError([
      `--role ${role} needs a MySQL or MariaDB server, because only one process may use an embedded database. Set DATABASE_URL, or leave --role out`,
    ]);
  const reportUnavailable = createOutageReports(({ message, ...facts }) => logger.warn(facts, message));
  const database = await openConfiguredDatabase(config, logger, reportUnavailable);
  await reportMigrations(database, logger);
  const { close: closeMessaging, ...messaging } = connectMessaging(config, role, database, logger);
  const services: Services = {
    ...messaging,
    database,
    executor: localExecutor,
    clock: systemClock(),
    monotonicClock: () => performance.now(),
    newId: v7,
    leaseSeconds: config.leaseSeconds,
    slotWaitSeconds: config.slotWaitSeconds,
    maxPageSize: config.maxPageSize,
    maxResponseBytes: config.maxResponseBytes,
    reportUnavailable,
    reportEvent: (message, facts) => logger.info(facts, message),
    reportError: (message, error, facts) => logger.error({ ...facts, err: error }, message),
  };
  const close = async () => {
    await closeMessaging();
    await database.close();
  };
  const { prefectApiUrl } = config;
  if (prefectApiUrl === undefined) return { ...services, attachment: null, close };
  const attachment = await attach({ ...config, prefectApiUrl }, services, logger).catch(
    async (error: unknown) => {
      await close();
      throw error;
    },
  );
  return {
    ...services,
    executor: attachment.executor,
    attachment,
    async close() {
      attachment.stopReaching();
      await attachment.close();
      await close();
    },
  };
}
