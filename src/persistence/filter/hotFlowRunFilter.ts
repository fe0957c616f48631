import { Brackets, type DataSource, type ObjectLiteral } from 'typeorm';
import { type CompiledCondition, compileCondition } from '../connection/compileCondition';
import { FlowRunEntity } from '../entities/flowRun';
import { createBinder, sqlOf } from './applyConditions';
import { conditionsOfFilter, type FlowRunCondition } from './applyFlowRunFilter';
import type { Lookups } from './operators';

const columnNames = new Map(
  Object.entries(FlowRunEntity.columns).map(([property, { name }]) => [property, name]),
);

/** Conditions name columns of the alias `run` by their properties. */
const withColumnNames = (sql: string): string =>
  sql.replaceAll(/\brun\.(\w+)/g, (_, property: string) => `run.${columnNames.get(property) ?? property}`);

/**
 * Compiles a filter to a condition on the alias `run`, for a statement that is written by hand; it restricts as
 * `applyFlowRunFilter` does.
 *
 * Written by hand because each bulk call compiles its filter, and TypeORM's builder lists the columns of the table anew for
 * each query to find them in the text: that took 0.45 ms of a call that moves nothing, which takes 5 ms on the embedded database
 * (`npm run bench -- persistence`).
 */
export function compileFlowRunFilter(
  dataSource: DataSource,
  filter: FlowRunCondition,
  lookups: Partial<Lookups> = {},
): CompiledCondition {
  if (filter instanceof Brackets)
    return compileCondition(dataSource, FlowRunEntity, 'run', query => query.where(filter));
  const conditions = conditionsOfFilter(filter);
  if (conditions === null) return { sql: '', parameters: [] };
  const named: ObjectLiteral = {};
  const bind = createBinder(dataSource, lookups, (name, value) => {
    named[name] = value;
  });
  const [sql, parameters] = dataSource.driver.escapeQueryWithParameters(
    withColumnNames(sqlOf(conditions, bind)),
    named,
  );
  return { sql, parameters };
}
