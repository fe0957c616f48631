import 'reflect-metadata';
import { DataSource, type Logger } from 'typeorm';
import type { DatabaseAddress, DatabaseServerAddress } from '../../config/databaseAddress';
import {
  BulkOperationBatchEntity,
  BulkOperationCommandEntity,
  BulkOperationEntity,
  BulkOperationItemEntity,
  SelectedRunEntity,
} from '../entities/bulkOperation';
import { DeploymentEntity, FlowEntity, LeaseEntity } from '../entities/deployment';
import { ExtrasEntity } from '../entities/extras';
import { FlowRunEntity, FlowRunTagEntity } from '../entities/flowRun';
import {
  MirrorEntity,
  MirroredDeploymentEntity,
  MirroredFlowRunEntity,
  SendingEntity,
} from '../entities/mirror';
import { FlowRunStateEntity, TaskRunStateEntity } from '../entities/state';
import { TaskRunEntity } from '../entities/taskRun';
import { migrations } from '../migrations';
import { type ConnectionPool, createConnectionPool } from './connectionPool';
import { embeddedDriver } from './embeddedDriver';
import type { TlsFiles } from './serverConnection';
import { typeormDriver } from './typeormDriver';

/** Which database, and how to reach it. */
export interface DatabaseOptions extends DataSourceOptions {
  /** `file:PATH`, `mysql://user:password@host:port/name` or `mariadb://…`. */
  url: string;
  /** Databases of the same kind that follow the first; only what decides nothing is read there. */
  replicaUrls?: readonly string[];
  /** Receives why a replica cannot be used, each time that it is left out for some seconds. */
  onReplicaAway?: (error: unknown) => void;
}

/** How a data source is used, on any database. */
interface DataSourceOptions {
  /** How many connections at once; the embedded database has connections of its own. */
  poolSize?: number;
  /** Seconds that a statement on a server may take; 0, the default: without end. */
  statementSeconds?: number;
  tlsFiles?: TlsFiles;
  /** Receives every statement. */
  logger?: Logger;
}

const entities = [
  FlowEntity,
  DeploymentEntity,
  LeaseEntity,
  FlowRunEntity,
  FlowRunTagEntity,
  FlowRunStateEntity,
  TaskRunEntity,
  TaskRunStateEntity,
  ExtrasEntity,
  BulkOperationEntity,
  BulkOperationBatchEntity,
  BulkOperationCommandEntity,
  BulkOperationItemEntity,
  SelectedRunEntity,
  SendingEntity,
  MirrorEntity,
  MirroredFlowRunEntity,
  MirroredDeploymentEntity,
];

// However deep subflows are nested, all are counted; by themselves servers stop at a depth of 1,000, MariaDB silently.
const maxWalkDepth = 1_000_000;
/** How long a statement waits for a table that another one locks. Changes of tables, whose connections have no limit, wait on. */
const tableLockSeconds = 3;
const maxTableLockSeconds = 86_400;
// A connection that holds a named lock may be silent for as long as the work takes: the pool ends idle ones, not the server.
const maxSilentSeconds = 28_800;

const commonSessionSettings = [
  'innodb_lock_wait_timeout = 2',
  `wait_timeout = ${maxSilentSeconds}`,
  "sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO'",
];

// MySQL reckons that a run costs no more to look up than its tag. The last two plans look up every run with a tag: a count
// by tag, state and time among 100,000 runs took 26 ms with them and takes 12 ms without.
const sessionSettingsOf = (kind: 'mysql' | 'mariadb', statementSeconds: number): string =>
  `SET SESSION ${[
    ...commonSessionSettings,
    `lock_wait_timeout = ${statementSeconds === 0 ? maxTableLockSeconds : tableLockSeconds}`,
    ...(kind === 'mariadb'
      ? [
          "tx_isolation = 'READ-COMMITTED'",
          `max_recursive_iterations = ${maxWalkDepth}`,
          `max_statement_time = ${statementSeconds}`,
        ]
      : [
          "transaction_isolation = 'READ-COMMITTED'",
          `cte_max_recursion_depth = ${maxWalkDepth}`,
          `max_execution_time = ${statementSeconds * 1000}`,
          "optimizer_switch = 'duplicateweedout=off,loosescan=off'",
        ]),
  ].join(', ')}`;

/** What the write-ahead log of the embedded database is cut back to. */
export const maxLogBytes = 32 * 1024 * 1024;

function embeddedOptions(path: string) {
  return {
    type: 'better-sqlite3' as const,
    driver: embeddedDriver(),
    database: path,
    enableWAL: true,
    // The driver waits without letting anything else run; transactions that find the file busy are repeated.
    timeout: 50,
    statementCacheSize: 200,
    prepareDatabase: (connection: { pragma(setting: string): unknown }) => {
      connection.pragma('cache_size = -65536');
      // However far a reader elsewhere has let the write-ahead log grow, it shrinks once that one is gone.
      connection.pragma(`journal_size_limit = ${maxLogBytes}`);
    },
  };
}

/** The default number of connections of a data source. */
export const defaultPoolSize = 10;

const discard = () => undefined;
/** Without a logger of its own, TypeORM prints migrations to the console. What fails is thrown as well. */
const silentLogger: Logger = {
  logQuery: discard,
  logQueryError: discard,
  logQuerySlow: discard,
  logSchemaBuild: discard,
  logMigration: discard,
  log: discard,
};

/** The options of every data source, on any database. */
const commonOptions = ({ logger = silentLogger }: DataSourceOptions) => ({
  entities,
  migrations: [...migrations],
  migrationsTableName: 'migration',
  migrationsTransactionMode: 'each' as const,
  synchronize: false,
  logger,
});

/** Opens a pool of connections to a server, all with the same settings. */
export const openPool = (
  address: DatabaseServerAddress,
  { poolSize = defaultPoolSize, statementSeconds = 0, tlsFiles }: DataSourceOptions,
): ConnectionPool =>
  createConnectionPool({
    address,
    tlsFiles,
    size: poolSize,
    statementSeconds,
    sessionSettings: sessionSettingsOf(address.kind, statementSeconds),
  });

/** A TypeORM data source that uses a pool; not yet connected. It closes the pool when it is destroyed. */
export const createServerDataSource = (
  { kind, database }: DatabaseServerAddress,
  pool: ConnectionPool,
  options: DataSourceOptions,
): DataSource =>
  new DataSource({
    type: kind,
    database,
    driver: typeormDriver(pool),
    charset: 'utf8mb4',
    timezone: 'Z',
    dateStrings: true,
    ...commonOptions(options),
  });

/** A TypeORM data source on one database; not yet connected. */
export function createDataSource(address: DatabaseAddress, options: DataSourceOptions = {}): DataSource {
  if (address.kind === 'embedded')
    return new DataSource({ ...embeddedOptions(address.path), ...commonOptions(options) });
  return createServerDataSource(address, openPool(address, options), options);
}
