import type { SelectedItem } from '../../domain/bulkOperation';
import type { FlowRunId } from '../../domain/identifiers';
import { isTerminal } from '../../domain/state';
import type { Subflow } from '../../persistence/operations/selection';

/** A subflow that the selection reached from an item. */
interface ReachedSubflow {
  flowRunId: FlowRunId;
  /** The matching runs above it, the topmost first. */
  matchesAbove: readonly FlowRunId[];
  isFinished: boolean;
}

/** How many of the matching runs above it an item stores: however deep matches are nested, it stays small. */
const maxMatchesAbove = 32;

/** The matching runs above those that are reached from an item. The topmost is always stored: a cycle begins there. */
function matchesDownTo({ flowRunId, isMatch, matchesAbove }: ParentItem): readonly FlowRunId[] {
  const all = [...(matchesAbove ?? []), ...(isMatch ? [flowRunId] : [])];
  return all.length > maxMatchesAbove ? all.toSpliced(1, 1) : all;
}

/** The part of an item that is needed to reach its subflows. */
export type ParentItem = Pick<SelectedItem, 'flowRunId' | 'isMatch' | 'matchesAbove'>;

/** Returns the subflows that are reached from items, without those at which a cycle closes. */
export function reachSubflows(
  parents: readonly ParentItem[],
  subflows: readonly Subflow[],
): ReachedSubflow[] {
  const matchesAt = new Map(parents.map(item => [item.flowRunId, matchesDownTo(item)]));
  return subflows.flatMap(({ id, parentId, stateType }) => {
    const matchesAbove = matchesAt.get(parentId);
    // Each run has one parent, so that a walk which meets a run again is back where it began.
    return matchesAbove === undefined || matchesAbove.includes(id)
      ? []
      : [{ flowRunId: id, matchesAbove, isFinished: isTerminal(stateType) }];
  });
}
