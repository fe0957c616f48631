import type { BulkOperationItem } from '../../domain/bulkOperation';
import { findItemsToCopy, insertItems } from '../../persistence/operations/items';
import { insertSelectedRuns } from '../../persistence/operations/selectedRuns';
import { retriedItems, undoneItems } from '../repeatedItems';
import {
  addBatches,
  type Changes,
  grownBy,
  itemOf,
  type Phase,
  type SelectionStep,
  selectedRunOf,
} from './selectionStep';

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
 * Adds a page of the items of an earlier operation that `repeatedItems.ts` names for a retry or for an undo, whose last
 * items come first. The items of a retry with subflows are then sorted again: with retried waits, they are not deepest first in
 * the earlier operation.
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
  const expectedStateOf = ({ stateId, expectedStateId }: BulkOperationItem) => {
    if (restores === null) return null;
    return retryOf === null ? stateId : expectedStateId;
  };
  const deepest = Math.max(before, ...items.map(({ depth }) => depth));
  const copies = items.map(item => ({
    flowRunId: item.flowRunId,
    more: { depth: item.depth, expectedStateId: expectedStateOf(item) },
  }));
  const isLast = items.length < pageSize;
  const nextCopy = { phase: 'COPYING', after: items.at(-1)?.ordinal ?? null, deepest } as const;
  if (isArranged) {
    await insertSelectedRuns(
      connection,
      copies.map(({ flowRunId, more }) => selectedRunOf(operation, flowRunId, more)),
    );
    return { selection: isLast ? { phase: 'ARRANGING', depth: deepest, after: null } : nextCopy };
  }
  const first = operation.lastOrdinal + 1;
  await insertItems(
    connection,
    copies.map(({ flowRunId, more }, index) => itemOf(operation, first + index, flowRunId, more)),
  );
  for (const { depth, from, to } of depthsOf(items)) await addBatches(step, first + from, first + to, depth);
  return {
    ...grownBy(operation, items.length),
    lastOrdinal: operation.lastOrdinal + items.length,
    selection: isLast ? null : nextCopy,
  };
}
