import {
  type DataSource,
  type EntityMetadata,
  type EntitySchema,
  type ObjectLiteral,
  SelectQueryBuilder,
} from 'typeorm';
import type { Alias } from 'typeorm/query-builder/Alias';

/** A condition as SQL, with the values of its `?` in order. */
export interface CompiledCondition {
  /** Empty if every row meets it. */
  sql: string;
  parameters: unknown[];
}

/** The columns of a table by their properties; made once, because every bulk call compiles its filter. */
const columnsByTable = new WeakMap<EntityMetadata, ReadonlyMap<string, string>>();

function columnsOf(metadata: EntityMetadata): ReadonlyMap<string, string> {
  const known = columnsByTable.get(metadata);
  if (known !== undefined) return known;
  const columns = new Map(metadata.columns.map(column => [column.propertyPath, column.databaseName]));
  columnsByTable.set(metadata, columns);
  return columns;
}

class ConditionQuery<Row extends ObjectLiteral> extends SelectQueryBuilder<Row> {
  /**
   * The condition alone, without SELECT, FROM and WHERE. TypeORM would make a table of all columns for each query to replace
   * the properties in its text, which takes most of the time (`npm run bench -- persistence`).
   */
  override getQuery(): string {
    const { name, metadata } = this.expressionMap.mainAlias as Alias;
    const columns = columnsOf(metadata);
    return this.createWhereClausesExpression(this.expressionMap.wheres).replaceAll(
      new RegExp(`\\b${name}\\.(\\w+)`, 'g'),
      (_, property: string) => `${name}.${columns.get(property) ?? property}`,
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
