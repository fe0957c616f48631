import { type DataSource, type ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { dialectOf, kindOf, type LockMode } from './dialect';
import { lockRows } from './lockRows';

/**
 * A SELECT that can lock its rows. It adds what TypeORM lacks: `FORCE INDEX` (with `USE INDEX` a server may still
 * scan a small table and wait for unrelated rows).
 */
export class LockingQuery<Row extends ObjectLiteral> extends SelectQueryBuilder<Row> {
  private tableHint = '';

  /**
   * Reads the table by its primary key, and locks the rows as `lockRows` does.
   */
  lockByPrimaryKey(mode: LockMode): this {
    this.tableHint = dialectOf(kindOf(this.dataSource)).byPrimaryKey;
    lockRows(this, mode);
    return this;
  }

  /** Rows of one table in ascending order of ids, which is the order of locks. */
  static ofIds(
    dataSource: DataSource,
    table: string,
    columns: string,
    ids: readonly string[],
    mode: LockMode,
  ): LockingQuery<ObjectLiteral> {
    const query = new LockingQuery<ObjectLiteral>(dataSource).select(columns);
    query.from(table, table).where(`${table}.id IN (:...ids)`, { ids }).orderBy(`${table}.id`);
    return query.lockByPrimaryKey(mode);
  }

  protected override createSelectExpression(): string {
    const readsTable = this.expressionMap.mainAlias?.hasMetadata;
    return `${super.createSelectExpression()}${readsTable ? this.tableHint : ''}`;
  }
}
