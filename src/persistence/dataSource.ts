import 'reflect-metadata';
import { DataSource, type Logger } from 'typeorm';
import { databaseKindOf, kindOf } from './dialect';
import { type EmbeddedConnection, nameColumnsOnce } from './embeddedConnection';
import {
  BulkOperationBatchEntity,
  BulkOperationEntity,
  BulkOperationItemEntity,
} from './entities/bulkOperation';
import { DeploymentEntity, FlowEntity, LeaseEntity } from './entities/deployment';
import { ExtrasEntity } from './entities/extras';
import { FlowRunEntity, FlowRunTagEntity } from './entities/flowRun';
import { FlowRunStateEntity, TaskRunStateEntity } from './entities/state';
import { TaskRunEntity } from './entities/taskRun';
import { migrations } from './migrations';

/** Which database, and how to reach it. */
export interface DatabaseOptions {
  /** `file:PATH`, `mysql://user:password@host:port/name` or `mariadb://…`. */
  url: string;
  /** Databases of the same kind that follow the first; only what decides nothing is read there. */
  replicaUrls?: readonly string[];
  /** How many connections at once; the embedded database has two of its own. */
  poolSize?: number;
  /** Told of every statement. */
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
  BulkOperationItemEntity,
];

const sessionSettings =
  "SET SESSION transaction_isolation = 'READ-COMMITTED', innodb_lock_wait_timeout = 5, " +
  "sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO'";
// However deep subflows are nested, all are counted; by themselves servers stop at a depth of 1,000, MariaDB silently.
const deepestWalk = 1_000_000;
const mariadbSessionSettings =
  sessionSettings.replace('transaction_isolation', 'tx_isolation') +
  `, max_recursive_iterations = ${deepestWalk}`;
// MySQL reckons that a run costs no more to look up than its tag. These two plans look up every run with a tag: a count
// by tag, state and time among 100,000 runs took 26 ms with them and takes 12 ms without.
const mysqlSessionSettings =
  `${sessionSettings}, cte_max_recursion_depth = ${deepestWalk}, ` +
  "optimizer_switch = 'duplicateweedout=off,loosescan=off'";

interface ConnectionPool {
  on(event: 'connection', listener: (connection: { query(sql: string): void }) => void): void;
}

function embeddedOptions(url: string) {
  return {
    type: 'better-sqlite3' as const,
    driver: require('libsql') as unknown,
    database: url.slice('file:'.length),
    enableWAL: true,
    timeout: 10_000,
    statementCacheSize: 200,
    prepareDatabase: (connection: EmbeddedConnection) => {
      connection.pragma('cache_size = -65536');
      nameColumnsOnce(connection);
    },
  };
}

/** What every connection to a server is opened with, whatever the server's address. */
export const serverOptions = (kind: 'mysql' | 'mariadb', { poolSize = 10 }: Options) =>
  ({
    type: kind,
    charset: 'utf8mb4',
    timezone: 'Z',
    dateStrings: true,
    poolSize,
    connectTimeout: 5000,
    extra: { jsonStrings: true, idleTimeout: 60_000, enableKeepAlive: true },
  }) as const;

type Options = Omit<DatabaseOptions, 'url' | 'replicaUrls'>;

/** What every data source has, whatever it is on. */
export const commonOptions = ({ logger }: Options) => ({
  entities,
  migrations: [...migrations],
  migrationsTableName: 'migration',
  migrationsTransactionMode: 'each' as const,
  synchronize: false,
  logging: logger !== undefined,
  logger,
});

/** A TypeORM data source on one database; not yet connected. */
export function createDataSource(url: string, options: Options = {}): DataSource {
  const kind = databaseKindOf(url);
  if (kind === 'embedded') return new DataSource({ ...embeddedOptions(url), ...commonOptions(options) });
  return new DataSource({ ...serverOptions(kind, options), ...commonOptions(options), url });
}

/** Connects, with the same settings on every connection that will ever be made. */
export async function connect(dataSource: DataSource): Promise<DataSource> {
  await dataSource.initialize();
  const kind = kindOf(dataSource);
  if (kind === 'embedded') return dataSource;
  const settings = kind === 'mariadb' ? mariadbSessionSettings : mysqlSessionSettings;
  const driver = dataSource.driver as unknown as {
    pool?: ConnectionPool;
    poolCluster?: { _nodes?: Record<string, { pool: ConnectionPool }> };
  };
  const pools = driver.pool
    ? [driver.pool]
    : Object.values(driver.poolCluster?._nodes ?? {}).map(node => node.pool);
  for (const pool of pools) pool.on('connection', connection => connection.query(settings));
  // The connection that `initialize` made was there before anybody listened.
  const runner = dataSource.createQueryRunner('master');
  await runner.query(settings);
  await runner.release();
  return dataSource;
}
