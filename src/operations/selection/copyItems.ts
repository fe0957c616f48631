import type { BulkOperationItem, SelectionProgress } from '../../domain/bulkOperation';
import { findItemsToCopy, insertItems } from '../../persistence/operations/items';
import { retriedItems, undoneItems } from '../repeatedItems';
import { addBatches, type Changes, grownBy, itemOf, type Phase, type SelectionStep } from './selectionStep';

/** The ranges of successive items of one depth, by their indexes. */
function depthsOf(items: readonly BulkOperationItem[]): { depth: number; from: number; to: number }[] {
  const found: { depth: number; from: number; to: number }[] = [];
  for (const [index, { depth }] of items.entries()) {
    const last = found.at(-1);
    if (last?.depth === depth) last.to = index;
    else found.push({ depth, from: index, to: index });
  }
  return found;
}

/**
 * Adds a page of the items that an earlier operation did not move (retry) or moved (undo: the last first). The items
 * of a retry with subflows are then sorted again: with retried waits, they are not deepest first in the earlier
 * operation.
 */
export async function copyItems(
  step: SelectionStep,
  { after, deepest: before }: Phase<'COPYING'>,
): Promise<Changes> {
  const { connection, operation, pageSize } = step;
  const { definition, restores, retryOf } = operation;
  const source = retryOf ?? restores;
  if (source === null) throw new Error('an operation that copies items names no other operation');
  const which = retryOf === null ? undoneItems : retriedItems(definition.codes);
  const order = retryOf === null ? 'DESC' : 'ASC';
  const items = await findItemsToCopy(connection, source, which, order, pageSize, after);
  const isArranged = retryOf !== null && definition.includeSubflows;
  const first = operation.lastOrdinal + 1;
  const ordinal = (index: number) => (isArranged ? -(first + index) : first + index);
  await insertItems(
    connection,
    items.map(({ flowRunId, depth, stateId, expectedStateId }, index) =>
      itemOf(operation, ordinal(index), flowRunId, {
        depth,
        ...(restores !== null && { expectedStateId: retryOf === null ? stateId : expectedStateId }),
      }),
    ),
  );
  const last = operation.lastOrdinal + items.length;
  const deepest = Math.max(before, ...items.map(({ depth }) => depth));
  if (!isArranged) {
    for (const { depth, from, to } of depthsOf(items))
      await addBatches(step, first + from, first + to, depth);
  }
  const next: SelectionProgress | null = isArranged
    ? { phase: 'ARRANGING', depth: deepest, after: null }
    : null;
  return {
    ...(!isArranged && grownBy(operation, items.length)),
    lastOrdinal: last,
    selection:
      items.length < pageSize ? next : { phase: 'COPYING', after: items.at(-1)?.ordinal ?? null, deepest },
  };
}
