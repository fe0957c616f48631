import type { Condition, Operator } from './operators';

/** A column holds the id of a row of another table, and that row meets the conditions of a filter of its own. */
export const refersTo =
  <Filter>(
    column: string,
    table: 'flow' | 'deployment',
    conditionsIn: (filter: Filter) => Condition | null,
  ): Operator<Filter> =>
  filter => {
    const condition = conditionsIn(filter);
    return condition && (bind => `${column} IN (SELECT ${table}.id FROM ${table} WHERE ${condition(bind)})`);
  };
