import type { SelectedRun } from '../../domain/bulkOperation';
import type { FlowRunId } from '../../domain/identifiers';
import { isTerminal } from '../../domain/state';
import type { Subflow } from '../../persistence/operations/selection';

/** A subflow that the selection reached from another run. */
interface ReachedSubflow {
  flowRunId: FlowRunId;
  /** The matching runs above it, the topmost first. */
  matchesAbove: readonly FlowRunId[];
  isFinished: boolean;
}

/** How many of the matching runs above it are stored with a run: however deep matches are nested, it stays small. */
const maxMatchesAbove = 32;

/** The matching runs above those that are reached from a run. The topmost is always stored: a cycle begins there. */
function matchesDownTo({ flowRunId, isMatch, matchesAbove }: ParentRun): readonly FlowRunId[] {
  const all = [...(matchesAbove ?? []), ...(isMatch ? [flowRunId] : [])];
  return all.length > maxMatchesAbove ? all.toSpliced(1, 1) : all;
}

/** The part of a selected run that is needed to reach its subflows. */
export type ParentRun = Pick<SelectedRun, 'flowRunId' | 'isMatch' | 'matchesAbove'>;

/** Returns the subflows that are reached from runs, without those at which a cycle closes. */
export function reachSubflows(parents: readonly ParentRun[], subflows: readonly Subflow[]): ReachedSubflow[] {
  const matchesAt = new Map(parents.map(run => [run.flowRunId, matchesDownTo(run)]));
  return subflows.flatMap(({ id, parentId, stateType }) => {
    const matchesAbove = matchesAt.get(parentId);
    // Each run has one parent, so that a walk which meets a run again is back where it began.
    return matchesAbove === undefined || matchesAbove.includes(id)
      ? []
      : [{ flowRunId: id, matchesAbove, isFinished: isTerminal(stateType) }];
  });
}
