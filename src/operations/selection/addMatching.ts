import type { SelectionProgress } from '../../domain/bulkOperation';
import { findNewestMatching } from '../../persistence/flowRuns/matchingFlowRuns';
import { insertItems } from '../../persistence/operations/items';
import { addBatches, type Changes, grownBy, itemOf, type Phase, type SelectionStep } from './selectionStep';

/** Adds the next page of matching runs. With subflows to come, items get ordinals below 0 until they can be put in order. */
export async function addMatching(step: SelectionStep, { after }: Phase<'MATCHING'>): Promise<Changes> {
  const { services, connection, operation, pageSize } = step;
  const { filter, includeSubflows } = operation.definition;
  const ids = await findNewestMatching(services.database, connection, filter, pageSize, after);
  const last = operation.lastOrdinal;
  const ordinal = (index: number) => (includeSubflows ? -(last + index + 1) : last + index + 1);
  await insertItems(
    connection,
    ids.map((id, index) => itemOf(operation, ordinal(index), id, {})),
  );
  if (!includeSubflows) await addBatches(step, last + 1, last + ids.length, 0);
  const isLast = ids.length < pageSize;
  const next: SelectionProgress | null = includeSubflows
    ? { phase: 'DESCENDING', depth: 0, after: null }
    : null;
  return {
    lastOrdinal: last + ids.length,
    ...(!includeSubflows && grownBy(operation, ids.length)),
    selection: isLast ? next : { phase: 'MATCHING', after: ids.at(-1) ?? null },
  };
}
