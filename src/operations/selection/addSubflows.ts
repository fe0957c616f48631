import type { SelectedItem, SelectionProgress } from '../../domain/bulkOperation';
import {
  findItemsOfDepth,
  findSelectedItems,
  type ItemChange,
  insertItems,
  moveItems,
} from '../../persistence/operations/items';
import { findSubflows, type Subflow } from '../../persistence/operations/selection';
import { reachSubflows } from './reachSubflows';
import { type Changes, itemOf, type Phase, type SelectionStep } from './selectionStep';

/** Some of the items of a depth with their subflows, and from where on there are more; null: none. */
interface Descent {
  parents: readonly SelectedItem[];
  subflows: readonly Subflow[];
  next: Pick<Phase<'DESCENDING'>, 'after' | 'child'> | null;
}

/** Finds the next subflows below a depth: a page of them at most, be they of many runs or of one. */
async function descend(
  { connection, operation, pageSize }: SelectionStep,
  { depth, after, child }: Phase<'DESCENDING'>,
): Promise<Descent> {
  const maxParents = child === undefined ? pageSize : 1;
  const parents = await findItemsOfDepth(connection, operation.id, depth, after, maxParents);
  const ids = parents.map(({ flowRunId }) => flowRunId);
  const subflows = await findSubflows(connection, ids, child ?? null, pageSize + 1);
  if (subflows.length <= pageSize) {
    const next = parents.length < maxParents ? null : { after: ids.at(-1) ?? null };
    return { parents, subflows, next };
  }
  // The last of these runs may have more: it has a page of its own, or several.
  const last = subflows.at(-1)?.parentId;
  const before = ids[ids.findIndex(id => id === last) - 1] ?? after;
  const whole = subflows.filter(({ parentId }) => parentId !== last);
  if (whole.length > 0) return { parents, subflows: whole, next: { after: before } };
  const page = subflows.slice(0, pageSize);
  return { parents, subflows: page, next: { after: before, child: page.at(-1)?.id } };
}

/** Adds the next subflows of the items of a depth as items one step deeper; those that are items already move to that depth. */
export async function addSubflows(step: SelectionStep, progress: Phase<'DESCENDING'>): Promise<Changes> {
  const { services, connection, operation } = step;
  const { depth } = progress;
  const { parents, subflows, next } = await descend(step, progress);
  const reached = reachSubflows(parents, subflows);
  const reachedIds = reached.map(({ flowRunId }) => flowRunId);
  const already = await findSelectedItems(connection, operation.id, reachedIds);
  const known = new Map(already.map(item => [item.flowRunId, item]));
  let last = operation.lastOrdinal;
  const fresh: SelectedItem[] = [];
  const moved: ItemChange<SelectedItem>[] = [];
  for (const { flowRunId, matchesAbove, isFinished } of reached) {
    const before = known.get(flowRunId);
    if (before) moved.push({ before, after: { ...before, depth: depth + 1, matchesAbove } });
    else {
      const status = isFinished ? 'PASSED' : 'PENDING';
      const more = { depth: depth + 1, isMatch: false, matchesAbove, status } as const;
      fresh.push(itemOf(operation, -++last, flowRunId, more));
    }
  }
  await insertItems(connection, fresh);
  await moveItems(services.database, connection, operation.id, moved);
  return {
    lastOrdinal: last,
    selection: next ? { phase: 'DESCENDING', depth, ...next } : await below(step, depth),
  };
}

/** What comes once all items of a depth have their subflows. */
async function below({ connection, operation }: SelectionStep, depth: number): Promise<SelectionProgress> {
  const deeper = await findItemsOfDepth(connection, operation.id, depth + 1, null, 1);
  return deeper.length > 0
    ? { phase: 'DESCENDING', depth: depth + 1, after: null }
    : { phase: 'ARRANGING', depth, after: null };
}
