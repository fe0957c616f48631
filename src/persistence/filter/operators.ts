import type { Instant } from '../../domain/instant';
import type { Dialect } from '../connection/dialect';
import { instantToDatabase, type Raw } from '../entities/columns';
import { lowered } from '../entities/flowRun';

/** Gives values to a condition under names of their own, so that nothing of a filter becomes SQL text. */
export interface Binder {
  /** The named parameter that stands for one value. */
  value(value: Raw): string;
  /** `IN (…)` over values, of which there must be some. */
  inList(values: readonly Raw[]): string;
  /** A column that a condition compares row by row, whatever index it has. */
  unindexed(column: string): string;
  /** Whether tags are looked up for one run after the other, or all runs of a tag at once. */
  tagsRunByRun: boolean;
  /** Told of every tag that is asked for. */
  tags: string[];
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

// A run has few tags, and a list may have thousands: the run's tags are looked for in the list, never the other way round.
const tagsOfRun = (tags: readonly string[], bind: Binder): string =>
  `(SELECT COUNT(*) FROM flow_run_tag WHERE flow_run_id = run.id AND ${bind.unindexed('tag')} ${bind.inList(tags)})`;

/** A run has one of these tags at least. */
export const hasAnyTag: Operator<readonly string[]> = (tags, bind) => {
  bind.tags.push(...tags);
  return bind.tagsRunByRun && tags.length > 0
    ? `${tagsOfRun(tags, bind)} > 0`
    : refersToAny('run.id', 'SELECT flow_run_id FROM flow_run_tag WHERE tag')(tags, bind);
};

/** A run has all of these tags. */
export const hasAllTags: Operator<readonly string[]> = (tags, bind) => {
  const different = [...new Set(tags)];
  const [first, ...others] = different;
  if (first === undefined) return null;
  bind.tags.push(first);
  if (bind.tagsRunByRun) return `${tagsOfRun(different, bind)} = ${bind.value(different.length)}`;
  const hasFirst = `run.id IN (SELECT flow_run_id FROM flow_run_tag WHERE tag = ${bind.value(first)})`;
  if (others.length === 0) return hasFirst;
  return `(${hasFirst} AND ${tagsOfRun(others, bind)} = ${bind.value(others.length)})`;
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
  tagsRunByRun = false,
): { bind: Binder; parameters: Record<string, unknown> } {
  const parameters: Record<string, unknown> = {};
  const name = (): string => `${prefix}${Object.keys(parameters).length}`;
  const bind: Binder = {
    tagsRunByRun,
    tags: [],
    value(value) {
      const parameter = name();
      parameters[parameter] = value;
      return `:${parameter}`;
    },
    unindexed: dialect.unindexed,
    inList(values) {
      const parameter = name();
      const { sql, value } = dialect.inList(parameter, values);
      parameters[parameter] = value;
      return sql;
    },
  };
  return { bind, parameters };
}
