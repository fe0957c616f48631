import { Brackets, type ObjectLiteral, type SelectQueryBuilder, type WhereExpressionBuilder } from 'typeorm';
import { dialectOf, kindOf } from '../connection/dialect';
import { type Binder, type Condition, type Lookups, type Operator, usualLookups } from './operators';

/** Operators by the names of conditions, and tables of them by the names of groups. */
interface ConditionTable {
  readonly [name: string]: Operator<never> | ConditionTable;
}

/** Conditions by name, groups of them, and the `operator` between them: `AND` unless it is `OR`. */
type ConditionGroup = Readonly<Record<string, unknown>>;

/** A condition, or several with what comes between them. */
export type ConditionTree = Condition | { add: 'andWhere' | 'orWhere'; parts: readonly ConditionTree[] };

function combine(add: 'andWhere' | 'orWhere', all: readonly (ConditionTree | null)[]): ConditionTree | null {
  const parts = all.filter(part => part !== null);
  return parts.length < 2 ? (parts[0] ?? null) : { add, parts };
}

/** What meets all of these conditions; null stands for none. */
export const allOf = (conditions: readonly (ConditionTree | null)[]): ConditionTree | null =>
  combine('andWhere', conditions);

/** The conditions that a group sets; null: none. Names that are absent or null set none. */
export function conditionsOf(group: ConditionGroup, table: ConditionTable): ConditionTree | null {
  const parts = Object.entries(table).map(([name, condition]) => {
    const value = group[name];
    if (value === null || value === undefined) return null;
    return typeof condition === 'function'
      ? (condition as Operator<unknown>)(value)
      : conditionsOf(value as ConditionGroup, condition);
  });
  return combine(group.operator === 'OR' ? 'orWhere' : 'andWhere', parts);
}

function createBinder(query: SelectQueryBuilder<ObjectLiteral>, lookups: Lookups): Binder {
  const dialect = dialectOf(kindOf(query.dataSource));
  let count = 0;
  return {
    ...lookups,
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

/** Conditions as SQL, in brackets where there are several. */
export function sqlOf(tree: ConditionTree, bind: Binder): string {
  if (typeof tree === 'function') return tree(bind);
  const parts = tree.parts.map(part => sqlOf(part, bind));
  return `(${parts.join(tree.add === 'orWhere' ? ' OR ' : ' AND ')})`;
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
  lookups: Partial<Lookups> = {},
): SelectQueryBuilder<Row> {
  // Empty brackets would drop the whole WHERE.
  if (conditions !== null)
    write(conditions, query, 'andWhere', createBinder(query, { ...usualLookups, ...lookups }));
  return query;
}
