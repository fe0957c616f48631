import type { Instant } from '../../domain/instant';
import { instantToDatabase, type Raw } from '../entities/columns';
import { lowered, loweredText } from '../entities/lowered';

/** Whether all runs of a tag are looked up at once, or the tags of one run after the other. */
export type TagLookup = 'allAtOnce' | 'runByRun';

/** How conditions look up what is in other tables. */
export interface Lookups {
  tagLookup: TagLookup;
  /** The alias `current_state` where the query joins the current state; else null: it is looked up run by run. */
  currentState: 'current_state' | null;
}

/** The look-ups of a query that says nothing else. */
export const usualLookups: Lookups = { tagLookup: 'allAtOnce', currentState: null };

/** Gives values to a condition under names of their own, so that nothing of a filter becomes SQL text. */
export interface Binder extends Lookups {
  /** The named parameter that stands for one value. */
  value(value: Raw): string;
  /** `IN (…)` over values, of which there must be some. */
  inList(values: readonly Raw[]): string;
  /** A column that a condition compares row by row, even if it has an index. */
  unindexed(column: string): string;
}

/** Writes a condition as SQL, which needs no brackets beside `AND` and `OR`. */
export type Condition = (bind: Binder) => string;

/** The condition on a value, or null where that value sets none. */
export type Operator<Value> = (value: Value) => Condition | null;

const matchesNothing: Condition = () => '1 = 0';

/** A column's value is one of these; an empty list matches nothing. */
export const isAny =
  (column: string): Operator<readonly string[]> =>
  values =>
    values.length === 0 ? matchesNothing : bind => `${column} ${bind.inList(values)}`;

/** A column has a value, and it is none of these. */
export const isNotAny =
  (column: string): Operator<readonly string[]> =>
  values =>
    values.length === 0 ? null : bind => `${column} NOT ${bind.inList(values)}`;

/** A column that points into another table points at a row whose column is one of these. */
export const refersToAny =
  (column: string, select: string): Operator<readonly string[]> =>
  values =>
    values.length === 0 ? matchesNothing : bind => `${column} IN (${select} ${bind.inList(values)})`;

// A run has few tags, and a list may have thousands: the run's tags are looked for in the list, never the other way round.
const tagsOfRun = (tags: readonly string[], bind: Binder): string =>
  `(SELECT COUNT(*) FROM flow_run_tag WHERE flow_run_id = run.id AND ${bind.unindexed('tag')} ${bind.inList(tags)})`;

const taggedRuns = 'SELECT flow_run_id FROM flow_run_tag WHERE tag';

/** A run has one of these tags at least. */
export const hasAnyTag: Operator<readonly string[]> = tags => {
  if (tags.length === 0) return matchesNothing;
  return bind =>
    bind.tagLookup === 'runByRun'
      ? `${tagsOfRun(tags, bind)} > 0`
      : `run.id IN (${taggedRuns} ${bind.inList(tags)})`;
};

/** Databases plan each look-up as a join, and take long to order many of them. */
const maxJoinedTags = 4;

/** A run has all of these tags. */
export const hasAllTags: Operator<readonly string[]> = tags => {
  const different = [...new Set(tags)];
  const [first, ...others] = different;
  if (first === undefined) return null;
  return bind => {
    if (bind.tagLookup === 'runByRun')
      return `${tagsOfRun(different, bind)} = ${bind.value(different.length)}`;
    const has = (tag: string): string => `run.id IN (${taggedRuns} = ${bind.value(tag)})`;
    if (others.length === 0) return has(first);
    if (different.length <= maxJoinedTags) return `(${different.map(has).join(' AND ')})`;
    return `(${has(first)} AND ${tagsOfRun(others, bind)} = ${bind.value(others.length)})`;
  };
};

/**
 * A column that the application lowered contains this text. INSTR takes it as it is; LIKE would read `%` and `_` in it as
 * wildcards, and databases differ in how these are escaped and in whether LIKE ignores case.
 */
export const contains =
  (loweredColumn: string): Operator<string> =>
  part =>
    part === '' ? null : bind => `INSTR(${loweredColumn}, ${bind.value(lowered(part))}) > 0`;

const messageOf = (state: string): string => loweredText(`${state}.message`, `${state}.message_lowered`);

/**
 * The message of a run's current state contains this text. As a value, not as a join or an EXISTS: a server would then
 * begin with all states there ever were.
 */
export const stateMessageContains: Operator<string> = part => {
  if (part === '') return null;
  const looked = `(SELECT ${messageOf('held')} FROM flow_run_state held WHERE held.id = run.stateId)`;
  return bind =>
    `INSTR(${bind.currentState === null ? looked : messageOf(bind.currentState)}, ${bind.value(lowered(part))}) > 0`;
};

/** An instant is at or before the bound. */
export const isBefore =
  (column: string): Operator<Instant> =>
  bound =>
  bind =>
    `${column} <= ${bind.value(instantToDatabase(bound))}`;

/** An instant is at or after the bound. */
export const isAfter =
  (column: string): Operator<Instant> =>
  bound =>
  bind =>
    `${column} >= ${bind.value(instantToDatabase(bound))}`;

/** Whether there is no value at all. */
export const isNull =
  (column: string): Operator<boolean> =>
  wanted =>
  () =>
    wanted ? `${column} IS NULL` : `${column} IS NOT NULL`;

/** Whether a column holds just this literal of our own. */
export const isLiteral =
  (column: string, literal: string): Operator<boolean> =>
  wanted =>
  () =>
    wanted ? `${column} = ${literal}` : `${column} <> ${literal}`;
