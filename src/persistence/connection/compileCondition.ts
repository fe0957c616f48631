import { type DataSource, type EntitySchema, type ObjectLiteral, SelectQueryBuilder } from 'typeorm';

/** A condition as SQL, with the values of its `?` in order. */
export interface CompiledCondition {
  /** Empty if every row meets it. */
  sql: string;
  parameters: unknown[];
}

class ConditionQuery<Row extends ObjectLiteral> extends SelectQueryBuilder<Row> {
  /** The condition alone, without SELECT, FROM and WHERE. */
  override getQuery(): string {
    return this.replacePropertyNamesForTheWholeQuery(
      this.createWhereClausesExpression(this.expressionMap.wheres),
    );
  }
}

/** Compiles the conditions that `restrict` adds to a query of one table, for a statement that is written by hand. */
export function compileCondition<Row extends ObjectLiteral>(
  dataSource: DataSource,
  entity: EntitySchema<Row>,
  alias: string,
  restrict: (query: SelectQueryBuilder<Row>) => void,
): CompiledCondition {
  const query = new ConditionQuery<Row>(dataSource).from(entity, alias);
  restrict(query);
  const [sql, parameters] = query.getQueryAndParameters();
  return { sql, parameters };
}
