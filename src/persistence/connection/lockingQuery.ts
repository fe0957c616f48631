import { type DataSource, type ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { dialectOf, kindOf, type LockMode } from './dialect';
import { lockRows } from './lockRows';

/**
 * A SELECT that can lock its rows. It adds what TypeORM lacks: `FORCE INDEX` (with `USE INDEX` a server may still
 * scan a small table and wait for unrelated rows), and a condition among the columns.
 */
export class LockingQuery<Row extends ObjectLiteral> extends SelectQueryBuilder<Row> {
  private tableHint = '';

  /**
   * Reads every table by its primary key, except in subqueries, and locks the rows as `lockRows` does.
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

  /** Whether the rows are locked, and so may have changed since they were selected. */
  get locksRows(): boolean {
    return this.expressionMap.lockMode !== undefined;
  }

  /** Selects, as 1 or 0, whether each row is one of those that `restrict` restricts a query to. */
  selectWhether(restrict: (query: SelectQueryBuilder<Row>) => void, name: string): this {
    const restricted = this.createQueryBuilder();
    restrict(restricted);
    const condition = restricted.createWhereClausesExpression(restricted.expressionMap.wheres);
    return this.addSelect(`CASE WHEN ${condition} THEN 1 ELSE 0 END`, name).setParameters(
      restricted.getParameters(),
    );
  }

  protected override createSelectExpression(): string {
    const readsTable = this.expressionMap.mainAlias?.hasMetadata;
    return `${super.createSelectExpression()}${readsTable ? this.tableHint : ''}`;
  }

  protected override createJoinExpression(): string {
    return super.createJoinExpression().replaceAll(' ON ', `${this.tableHint} ON `);
  }
}
