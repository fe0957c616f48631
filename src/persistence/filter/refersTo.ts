import { type ConditionTree, sqlOf } from './applyConditions';
import type { Operator } from './operators';

/** A column holds the id of a row of another table, and that row meets the conditions of a filter of its own. */
export const refersTo =
  <Filter>(
    column: string,
    table: 'flow' | 'deployment',
    conditionsIn: (filter: Filter) => ConditionTree | null,
  ): Operator<Filter> =>
  filter => {
    const tree = conditionsIn(filter);
    return tree && (bind => `${column} IN (SELECT ${table}.id FROM ${table} WHERE ${sqlOf(tree, bind)})`);
  };
