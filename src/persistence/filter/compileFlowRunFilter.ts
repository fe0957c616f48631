import type { Dialect } from '../connection/dialect';
import type { Raw } from '../entities/columns';
import { FlowRunEntity } from '../entities/flowRun';
import { createBinder } from './applyConditions';
import { conditionOf, type FlowRunCondition } from './applyFlowRunFilter';
import type { Lookups } from './operators';

/** A condition as SQL, with the values of its `?` in order. */
export interface CompiledCondition {
  /** Empty if every row meets it. */
  sql: string;
  parameters: readonly Raw[];
}

const columnNames = new Map(
  Object.entries(FlowRunEntity.columns).map(([property, { name }]) => [property, name]),
);

/**
 * Compiles what `applyFlowRunFilter` adds to a query, for the locked read in `flowRuns/hotLockedFlowRunFacts.ts`. Every bulk call
 * compiles its filter, for which the query builder takes many times as long (`npm run bench -- persistence`).
 */
export function compileFlowRunFilter(
  dialect: Dialect,
  filter: FlowRunCondition,
  lookups: Partial<Lookups> = {},
): CompiledCondition {
  const condition = conditionOf(filter);
  if (condition === null) return { sql: '', parameters: [] };
  const values = new Map<string, Raw | readonly Raw[]>();
  const named = condition(createBinder(dialect, lookups, (name, value) => values.set(name, value)));
  const parameters: Raw[] = [];
  const sql = named.replaceAll(
    /\brun\.(\w+)|:(?:\.\.\.)?(filter_\d+)/g,
    (_, property?: string, name: string = '') => {
      if (property !== undefined) return `run.${columnNames.get(property) ?? property}`;
      const given = [values.get(name) ?? null].flat();
      parameters.push(...given);
      return given.map(() => '?').join(', ');
    },
  );
  return { sql, parameters };
}
