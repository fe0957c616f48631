import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { RawRow } from '../entities/columns';

/** What statements are sent through: an entity manager, which may be in a transaction, or a data source. */
export interface SqlExecutor extends Pick<EntityManager, 'getRepository'> {
  query<Rows>(sql: string, parameters?: unknown[]): Promise<Rows>;
}

/** Sends what a query builder has built, and returns the rows as the database does. */
export function selectRows<Row extends ObjectLiteral>(
  connection: SqlExecutor,
  query: SelectQueryBuilder<Row>,
): Promise<RawRow[]> {
  const [sql, parameters] = query.getQueryAndParameters();
  return connection.query(sql, parameters);
}

/** Sends several SELECTs, each with an order and a limit of its own, as one statement; a union has no order. */
export function selectUnion<Row extends ObjectLiteral>(
  connection: SqlExecutor,
  queries: readonly SelectQueryBuilder<Row>[],
): Promise<RawRow[]> {
  const parts = queries.map(query => query.getQueryAndParameters());
  const selects = parts.map(([sql], index) => `SELECT * FROM (${sql}) part_${index}`);
  return connection.query(
    selects.join(' UNION ALL '),
    parts.flatMap(([, parameters]): unknown[] => parameters),
  );
}
