import type { SelectedItem, SelectionProgress } from '../../domain/bulkOperation';
import type { FlowRunId } from '../../domain/identifiers';
import { isTerminal } from '../../domain/state';
import {
  findItemsOfDepth,
  findSelectedItems,
  type ItemChange,
  insertItems,
  moveItems,
} from '../../persistence/ledger/items';
import { findSubflows } from '../../persistence/ledger/selection';
import type { Connection } from '../../persistence/statements';
import { type Changes, itemOf, type Phase, type Step } from './step';

/** What the selection knows of the run that a subflow was reached from. */
interface Reached {
  flowRunId: FlowRunId;
  matchesAbove: readonly FlowRunId[];
  isFinished: boolean;
}

/** How many of the matching runs above it an item keeps: however deep matches are nested, it stays small. */
const mostMatchesAbove = 32;

/** The matching runs above those that are reached from an item. The topmost is always kept: it tells where a cycle began. */
function matchesDownTo({ flowRunId, isMatch, matchesAbove }: SelectedItem): readonly FlowRunId[] {
  const all = [...(matchesAbove ?? []), ...(isMatch ? [flowRunId] : [])];
  return all.length > mostMatchesAbove ? all.toSpliced(1, 1) : all;
}

async function reachSubflows(connection: Connection, parents: readonly SelectedItem[]): Promise<Reached[]> {
  const matchesAt = new Map(parents.map(item => [item.flowRunId, matchesDownTo(item)]));
  const subflows = await findSubflows(connection, [...matchesAt.keys()]);
  return subflows.flatMap(({ id, parentId, stateType }) => {
    const matchesAbove = matchesAt.get(parentId);
    // Each run has one parent, so that a walk which meets a run again has come back to where it began.
    return matchesAbove === undefined || matchesAbove.includes(id)
      ? []
      : [{ flowRunId: id, matchesAbove, isFinished: isTerminal(stateType) }];
  });
}

/** Adds the subflows of a page of items as items one step deeper; those that are items already sink to there. */
export async function addSubflows(step: Step, { depth, after }: Phase<'DESCENDING'>): Promise<Changes> {
  const { services, connection, operation, pageSize } = step;
  const parents = await findItemsOfDepth(connection, operation.id, depth, after, pageSize);
  const reached = await reachSubflows(connection, parents);
  const reachedIds = reached.map(({ flowRunId }) => flowRunId);
  const already = await findSelectedItems(connection, operation.id, reachedIds);
  const known = new Map(already.map(item => [item.flowRunId, item]));
  let last = operation.lastOrdinal;
  const fresh: SelectedItem[] = [];
  const sunk: ItemChange<SelectedItem>[] = [];
  for (const { flowRunId, matchesAbove, isFinished } of reached) {
    const before = known.get(flowRunId);
    if (before) sunk.push({ before, after: { ...before, depth: depth + 1, matchesAbove } });
    else {
      const status = isFinished ? 'PASSED' : 'PENDING';
      const more = { depth: depth + 1, isMatch: false, matchesAbove, status } as const;
      fresh.push(itemOf(operation, -++last, flowRunId, more));
    }
  }
  await insertItems(connection, fresh);
  await moveItems(services.database, connection, operation.id, sunk);
  return { lastOrdinal: last, selection: await nextDescent(step, parents, depth) };
}

async function nextDescent(
  { connection, operation, pageSize }: Step,
  parents: readonly SelectedItem[],
  depth: number,
): Promise<SelectionProgress> {
  if (parents.length === pageSize)
    return { phase: 'DESCENDING', depth, after: parents.at(-1)?.flowRunId ?? null };
  const deeper = await findItemsOfDepth(connection, operation.id, depth + 1, null, 1);
  return deeper.length > 0
    ? { phase: 'DESCENDING', depth: depth + 1, after: null }
    : { phase: 'ARRANGING', depth, after: null };
}
