import type { SelectionProgress } from '../../domain/bulkOperation';
import { insertItems } from '../../persistence/operations/items';
import { deleteSelectedRuns, findSelectedRunsOfDepth } from '../../persistence/operations/selectedRuns';
import { addBatches, type Changes, grownBy, itemOf, type Phase, type SelectionStep } from './selectionStep';

/** Makes items of a page of selected runs: deepest first, newest first within a depth. Those that were only passed through go. */
export async function arrange(step: SelectionStep, { depth, after }: Phase<'ARRANGING'>): Promise<Changes> {
  const { connection, operation, pageSize } = step;
  const runs = await findSelectedRunsOfDepth(connection, operation.id, depth, after, pageSize);
  const first = operation.matched + 1;
  const items = runs
    .filter(({ isPassed }) => !isPassed)
    .map(({ flowRunId, isMatch, matchesAbove, expectedStateId }, index) =>
      itemOf(operation, first + index, flowRunId, { depth, isMatch, matchesAbove, expectedStateId }),
    );
  const last = operation.matched + items.length;
  await insertItems(connection, items);
  await addBatches(step, first, last, depth);
  const ids = runs.map(({ flowRunId }) => flowRunId);
  await deleteSelectedRuns(connection, operation.id, ids);
  const isLast = runs.length < pageSize;
  const rest: SelectionProgress | null =
    depth === 0 ? null : { phase: 'ARRANGING', depth: depth - 1, after: null };
  return {
    ...grownBy(operation, items.length),
    lastOrdinal: last,
    selection: isLast ? rest : { phase: 'ARRANGING', depth, after: ids.at(-1) ?? null },
  };
}
