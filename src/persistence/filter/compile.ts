import type { FilterOperator, FlowRunFilter } from '../../domain/flowRunFilter';
import type { Dialect } from '../connection/dialect';
import { flowRunConditions } from './conditions';
import { type Binder, createBinder, type Operator } from './operators';

/** A filter as SQL over the alias `run`, with named parameters as TypeORM's query builder takes them. */
export interface CompiledFilter {
  sql: string;
  parameters: Record<string, unknown>;
  /** Where it asks for tags: which ones decide how many runs there are, and the same filter with tags looked up run by run. */
  tagged?: { tags: readonly string[]; runByRun: Omit<CompiledFilter, 'tagged'> };
}

interface ConditionTable {
  readonly [condition: string]: Operator<unknown> | ConditionTable;
}

type Asked = Readonly<Record<string, unknown>>;

function join(parts: readonly (string | null)[], operator: FilterOperator): string | null {
  const asked = parts.filter(part => part !== null);
  if (asked.length < 2) return asked[0] ?? null;
  return `(${asked.join(` ${operator} `)})`;
}

function compileGroup(group: Asked, table: ConditionTable, bind: Binder): string | null {
  const parts = Object.entries(table).map(([name, condition]) => {
    const value = group[name];
    if (value === null || value === undefined) return null;
    return typeof condition === 'function'
      ? condition(value, bind)
      : compileGroup(value as Asked, condition, bind);
  });
  return join(parts, group.operator === 'OR' ? 'OR' : 'AND');
}

/**
 * Compiles a filter; null where it asks for nothing, so that every run matches. What a filter means is told by the
 * table of conditions; here is only how its parts come together.
 */
export function compileFlowRunFilter(
  filter: FlowRunFilter | null | undefined,
  dialect: Dialect,
): CompiledFilter | null {
  if (filter === null || filter === undefined) return null;
  const compileWith = (tagsRunByRun: boolean) => {
    const { bind, parameters } = createBinder(dialect, 'filter_', tagsRunByRun);
    // The cast gives up only the link between a condition's name and its value's type, which the table's own type has
    // checked.
    const sql = compileGroup(filter, flowRunConditions as unknown as ConditionTable, bind);
    return sql === null ? null : { compiled: { sql, parameters }, tags: bind.tags };
  };
  const tagsAtOnce = compileWith(false);
  if (tagsAtOnce === null) return null;
  const { compiled, tags } = tagsAtOnce;
  const runByRun = tags.length > 0 ? compileWith(true) : null;
  return runByRun === null ? compiled : { ...compiled, tagged: { tags, runByRun: runByRun.compiled } };
}
