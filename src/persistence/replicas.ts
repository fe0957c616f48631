import { DataSource } from 'typeorm';
import type { MysqlDriver } from 'typeorm/driver/mysql/MysqlDriver.js';
import { commonOptions, connect, type DatabaseOptions, serverOptions } from './dataSource';
import { databaseKindOf } from './dialect';
import { isUnavailable } from './errorKind';

/** For so long a replica that did not answer is not asked again. */
const restoreMilliseconds = 10_000;

/**
 * Connects to replicas, which are read in turns. One that does not answer is left out for a while, and where none answers
 * the writer is read instead.
 */
export async function connectReplicas(
  urls: readonly [string, ...string[]],
  writer: DataSource,
  options: Omit<DatabaseOptions, 'url' | 'replicaUrls'>,
): Promise<DataSource> {
  const kind = databaseKindOf(urls[0]);
  if (kind === 'embedded') throw new RangeError('a file has no replicas');
  const replicas = new DataSource({
    ...serverOptions(kind, options),
    ...commonOptions(options),
    replication: {
      master: { url: urls[0] },
      slaves: urls.map(url => ({ url })),
      removeNodeErrorCount: 1,
      restoreNodeTimeout: restoreMilliseconds,
    },
  });
  const driver = replicas.driver as MysqlDriver;
  const orWriter = (obtain: MysqlDriver['obtainSlaveConnection']) => () =>
    obtain.call(driver).catch((error: unknown) => {
      if (!isUnavailable(error)) throw error;
      return (writer.driver as MysqlDriver).obtainMasterConnection();
    });
  driver.obtainMasterConnection = orWriter(driver.obtainMasterConnection);
  await connect(replicas);
  // By itself TypeORM sends what no query builder made to the first of them alone.
  driver.obtainSlaveConnection = orWriter(driver.obtainSlaveConnection);
  driver.obtainMasterConnection = driver.obtainSlaveConnection;
  return replicas;
}
