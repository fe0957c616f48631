import type { SelectedItem, SelectionProgress } from '../../domain/bulkOperation';
import {
  deleteItemsOfRuns,
  findItemsOfDepth,
  type ItemChange,
  moveItems,
} from '../../persistence/operations/items';
import { addBatches, type Changes, grownBy, type Phase, type SelectionStep } from './selectionStep';

/** Numbers a page of items: deepest first, newest first within a depth. Those that were only passed through go. */
export async function arrange(step: SelectionStep, { depth, after }: Phase<'ARRANGING'>): Promise<Changes> {
  const { services, connection, operation, pageSize } = step;
  const items = await findItemsOfDepth(connection, operation.id, depth, after, pageSize);
  const passed = items.filter(({ status }) => status === 'PASSED').map(({ flowRunId }) => flowRunId);
  await deleteItemsOfRuns(connection, operation.id, passed);
  const first = operation.matched + 1;
  const moved = items
    .filter(({ status }) => status !== 'PASSED')
    .map(
      (before, index): ItemChange<SelectedItem> => ({ before, after: { ...before, ordinal: first + index } }),
    );
  await moveItems(services.database, connection, operation.id, moved);
  await addBatches(step, first, first + moved.length - 1, depth);
  const last = first + moved.length - 1;
  const isLast = items.length < pageSize;
  const rest: SelectionProgress | null =
    depth === 0 ? null : { phase: 'ARRANGING', depth: depth - 1, after: null };
  return {
    ...grownBy(operation, moved.length),
    lastOrdinal: last,
    selection: isLast ? rest : { phase: 'ARRANGING', depth, after: items.at(-1)?.flowRunId ?? null },
  };
}
