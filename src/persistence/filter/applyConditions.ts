import { Brackets, type ObjectLiteral, type SelectQueryBuilder, type WhereExpressionBuilder } from 'typeorm';
import { dialectOf, kindOf } from '../connection/dialect';
import type { Binder, Condition, Operator, TagLookup } from './operators';

/** Operators by the names of conditions, and tables of them by the names of groups. */
interface ConditionTable {
  readonly [name: string]: Operator<never> | ConditionTable;
}

/** Conditions by name, groups of them, and the `operator` between them: `AND` unless it is `OR`. */
type ConditionGroup = Readonly<Record<string, unknown>>;

/** A condition, or several with what comes between them. */
export type ConditionTree = Condition | { add: 'andWhere' | 'orWhere'; parts: readonly ConditionTree[] };

/** The conditions that a group sets; null: none. Names that are absent or null set none. */
export function conditionsOf(group: ConditionGroup, table: ConditionTable): ConditionTree | null {
  const parts = Object.entries(table)
    .map(([name, condition]) => {
      const value = group[name];
      if (value === null || value === undefined) return null;
      return typeof condition === 'function'
        ? (condition as Operator<unknown>)(value)
        : conditionsOf(value as ConditionGroup, condition);
    })
    .filter(part => part !== null);
  if (parts.length < 2) return parts[0] ?? null;
  return { add: group.operator === 'OR' ? 'orWhere' : 'andWhere', parts };
}

function createBinder(query: SelectQueryBuilder<ObjectLiteral>, tagLookup: TagLookup): Binder {
  const dialect = dialectOf(kindOf(query.dataSource));
  let count = 0;
  return {
    tagLookup,
    unindexed: dialect.unindexed,
    value(value) {
      const name = `filter_${count++}`;
      query.setParameter(name, value);
      return `:${name}`;
    },
    inList(values) {
      const name = `filter_${count++}`;
      const { sql, value } = dialect.inList(name, values);
      query.setParameter(name, value);
      return sql;
    },
  };
}

function write(
  tree: ConditionTree,
  where: WhereExpressionBuilder,
  add: 'andWhere' | 'orWhere',
  bind: Binder,
): void {
  if (typeof tree === 'function') where[add](tree(bind));
  else where[add](new Brackets(inner => tree.parts.forEach(part => write(part, inner, tree.add, bind))));
}

/**
 * Restricts a query to what meets conditions. The names of parameters follow from the conditions alone, so a query and
 * its subquery can have the same ones, but no different ones.
 */
export function applyConditions<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  conditions: ConditionTree | null,
  tagLookup: TagLookup = 'allAtOnce',
): SelectQueryBuilder<Row> {
  // Empty brackets would drop the whole WHERE.
  if (conditions !== null) write(conditions, query, 'andWhere', createBinder(query, tagLookup));
  return query;
}
