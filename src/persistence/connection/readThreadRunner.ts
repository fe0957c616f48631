import type { DataSource } from 'typeorm';
import { type EntityManager, QueryFailedError, QueryResult } from 'typeorm';
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver';
import { BetterSqlite3QueryRunner } from 'typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner';
import type { ReadThread } from './readThread';

/** Sends the statements of a data source to a thread, where TypeORM would run them at once and block the process. */
class ReadThreadRunner extends BetterSqlite3QueryRunner {
  constructor(
    driver: BetterSqlite3Driver,
    private readonly thread: ReadThread,
  ) {
    super(driver);
  }

  override async query(
    sql: string,
    parameters: unknown[] = [],
    isStructured = false,
  ): ReturnType<BetterSqlite3QueryRunner['query']> {
    const { logger } = this.driver.dataSource;
    logger.logQuery(sql, parameters, this);
    try {
      const rows = await this.thread.query(sql, parameters);
      return isStructured ? Object.assign(new QueryResult(), { raw: rows, records: rows }) : rows;
    } catch (error) {
      throw new QueryFailedError(sql, parameters, error as Error);
    }
  }
}

/** Makes an entity manager of an embedded data source that reads in a thread. */
export function managerOnReadThread(source: DataSource, thread: ReadThread): EntityManager {
  const runner = new ReadThreadRunner(source.driver as BetterSqlite3Driver, thread);
  const manager = source.createEntityManager(runner);
  return Object.assign(runner, { manager }).manager;
}
