import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { type Dialect, dialectOf, kindOf } from '../connection/dialect';
import type { Raw } from '../entities/columns';
import { type Binder, type Condition, type Lookups, type Operator, usualLookups } from './operators';

/** Operators by the names of conditions, and tables of them by the names of groups. */
interface ConditionTable {
  readonly [name: string]: Operator<never> | ConditionTable;
}

/** Conditions by name, groups of them, and the `operator` between them: `AND` unless it is `OR`. */
type ConditionGroup = Readonly<Record<string, unknown>>;

function combine(operator: 'AND' | 'OR', all: readonly (Condition | null)[]): Condition | null {
  const parts = all.filter(part => part !== null);
  if (parts.length < 2) return parts[0] ?? null;
  return bind => `(${parts.map(part => part(bind)).join(` ${operator} `)})`;
}

/** What meets all of these conditions; null stands for none. */
export const allOf = (conditions: readonly (Condition | null)[]): Condition | null =>
  combine('AND', conditions);

/** The conditions that a group sets; null: none. Names that are absent or null set none. */
export function conditionsOf(group: ConditionGroup, table: ConditionTable): Condition | null {
  const parts = Object.entries(table).map(([name, condition]) => {
    const value = group[name];
    if (value === null || value === undefined) return null;
    return typeof condition === 'function'
      ? (condition as Operator<unknown>)(value)
      : conditionsOf(value as ConditionGroup, condition);
  });
  return combine(group.operator === 'OR' ? 'OR' : 'AND', parts);
}

/** A binder that names values in the order in which it is given them: `filter_0`, `filter_1`, … */
export function createBinder(
  dialect: Dialect,
  lookups: Partial<Lookups>,
  setParameter: (name: string, value: Raw | readonly Raw[]) => void,
): Binder {
  let count = 0;
  return {
    ...usualLookups,
    ...lookups,
    unindexed: dialect.unindexed,
    value(value) {
      const name = `filter_${count++}`;
      setParameter(name, value);
      return `:${name}`;
    },
    inList(values) {
      const name = `filter_${count++}`;
      const { sql, value } = dialect.inList(name, values);
      setParameter(name, value);
      return sql;
    },
  };
}

/**
 * Restricts a query to what meets conditions. The names of parameters follow from the conditions alone, so a query and
 * its subquery can have the same ones, but no different ones.
 */
export function applyConditions<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  conditions: Condition | null,
  lookups: Partial<Lookups> = {},
): SelectQueryBuilder<Row> {
  if (conditions === null) return query;
  const dialect = dialectOf(kindOf(query.dataSource));
  const bind = createBinder(dialect, lookups, (name, value) => query.setParameter(name, value));
  return query.andWhere(conditions(bind));
}
