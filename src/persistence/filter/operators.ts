import type { Instant } from '../../domain/instant';
import type { Dialect } from '../dialect';
import { instantToDatabase, type Raw } from '../entities/columns';
import { lowered } from '../entities/flowRun';

/** Gives values to a condition under names of their own, so that nothing of a filter becomes SQL text. */
export interface Binder {
  /** The named parameter that stands for one value. */
  value(value: Raw): string;
  /** `IN (…)` over values, of which there must be some. */
  inList(values: readonly Raw[]): string;
}

/** One way to ask: the SQL for a value, or null where that value asks for nothing. */
export type Operator<Value> = (value: Value, bind: Binder) => string | null;

const matchesNothing = '1 = 0';

/** A column's value is one of these; of none, no run is. */
export const isAny =
  (column: string): Operator<readonly string[]> =>
  (values, bind) =>
    values.length === 0 ? matchesNothing : `${column} ${bind.inList(values)}`;

/** A column has a value, and it is none of these. */
export const isNotAny =
  (column: string): Operator<readonly string[]> =>
  (values, bind) =>
    values.length === 0 ? null : `${column} NOT ${bind.inList(values)}`;

/** A column that points into another table points at a row whose column is one of these. */
export const refersToAny =
  (column: string, select: string): Operator<readonly string[]> =>
  (values, bind) =>
    values.length === 0 ? matchesNothing : `${column} IN (${select} ${bind.inList(values)})`;

/** A run has all of these tags. */
export const hasAllTags: Operator<readonly string[]> = (tags, bind) => {
  const [first, ...others] = new Set(tags);
  if (first === undefined) return null;
  const hasFirst = `run.id IN (SELECT flow_run_id FROM flow_run_tag WHERE tag = ${bind.value(first)})`;
  if (others.length === 0) return hasFirst;
  const countOfOthers = `SELECT COUNT(*) FROM flow_run_tag WHERE flow_run_id = run.id AND tag ${bind.inList(others)}`;
  return `(${hasFirst} AND (${countOfOthers}) = ${bind.value(others.length)})`;
};

/** A column that was lowered by the application holds this text somewhere; `%` and `_` are ordinary characters. */
export const contains =
  (loweredColumn: string): Operator<string> =>
  (part, bind) =>
    part === '' ? null : `INSTR(${loweredColumn}, ${bind.value(lowered(part))}) > 0`;

/** An instant is at or before the bound. */
export const isBefore =
  (column: string): Operator<Instant> =>
  (bound, bind) =>
    `${column} <= ${bind.value(instantToDatabase(bound))}`;

/** An instant is at or after the bound. */
export const isAfter =
  (column: string): Operator<Instant> =>
  (bound, bind) =>
    `${column} >= ${bind.value(instantToDatabase(bound))}`;

/** Whether there is no value at all. */
export const isNull =
  (column: string): Operator<boolean> =>
  wanted =>
    wanted ? `${column} IS NULL` : `${column} IS NOT NULL`;

/** Whether a column holds just this literal of our own. */
export const isLiteral =
  (column: string, literal: string): Operator<boolean> =>
  wanted =>
    wanted ? `${column} = ${literal}` : `${column} <> ${literal}`;

/** A binder that collects its parameters. */
export function createBinder(
  dialect: Dialect,
  prefix: string,
): { bind: Binder; parameters: Record<string, unknown> } {
  const parameters: Record<string, unknown> = {};
  const name = (): string => `${prefix}${Object.keys(parameters).length}`;
  const bind: Binder = {
    value(value) {
      const parameter = name();
      parameters[parameter] = value;
      return `:${parameter}`;
    },
    inList(values) {
      const parameter = name();
      const { sql, value } = dialect.inList(parameter, values);
      parameters[parameter] = value;
      return sql;
    },
  };
  return { bind, parameters };
}
