import type { FlowRunId } from '../../domain/identifiers';
import { findNewestMatching } from '../../persistence/flowRuns/matchingFlowRuns';
import { insertItems } from '../../persistence/operations/items';
import { insertSelectedRuns } from '../../persistence/operations/selectedRuns';
import {
  addBatches,
  type Changes,
  grownBy,
  itemOf,
  type Phase,
  type SelectionStep,
  selectedRunOf,
} from './selectionStep';

/** Adds runs as items behind those before. */
async function addItems(step: SelectionStep, ids: readonly FlowRunId[]): Promise<Changes> {
  const { connection, operation } = step;
  const first = operation.lastOrdinal + 1;
  const last = operation.lastOrdinal + ids.length;
  await insertItems(
    connection,
    ids.map((id, index) => itemOf(operation, first + index, id, {})),
  );
  await addBatches(step, first, last, 0);
  return { lastOrdinal: last, ...grownBy(operation, ids.length) };
}

/** Adds the next page of matching runs: as items, or with subflows to come as runs that are put in order later. */
export async function addMatching(step: SelectionStep, { after }: Phase<'MATCHING'>): Promise<Changes> {
  const { services, connection, operation, pageSize } = step;
  const { filter, includeSubflows } = operation.definition;
  const ids = await findNewestMatching(services.database, connection, filter, pageSize, after);
  const isLast = ids.length < pageSize;
  const next = { phase: 'MATCHING', after: ids.at(-1) ?? null } as const;
  if (!includeSubflows) return { ...(await addItems(step, ids)), selection: isLast ? null : next };
  const runs = ids.map(id => selectedRunOf(operation, id, {}));
  await insertSelectedRuns(connection, runs);
  return { selection: isLast ? { phase: 'DESCENDING', depth: 0, after: null } : next };
}
