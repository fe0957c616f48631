import { type FlowRun, noStateColumns, type StateColumns, type TaskRun } from '../src/domain/flowRun';
import type { StateId } from '../src/domain/identifiers';
import type { Instant } from '../src/domain/instant';
import type { State, StateProposal } from '../src/domain/state';
import { columnsAfter, stateOf } from '../src/orchestration/bookkeeping';
import { completeProposal } from '../src/orchestration/states';

/** One state of a run that is made up, with its time and its author. */
export interface Step extends StateProposal {
  readonly at: Instant;
  readonly actor: string;
}

/** Makes an id with the time of an instant in it. */
export type NewIdAt = (at: Instant) => string;

/** The states that a run was in, and the run after the last. */
export function liveThrough(
  run: FlowRun,
  steps: readonly Step[],
  newIdAt: NewIdAt,
): { flowRun: FlowRun; states: State[] } {
  let columns: StateColumns = run;
  const states = steps.map(({ at, actor, ...proposal }) => {
    const author = { actor, bulkOperationId: null };
    const state = stateOf(completeProposal(proposal, at), run, author, newIdAt(at) as StateId, at);
    columns = columnsAfter(columns, state, true);
    return state;
  });
  return { flowRun: { ...run, ...columns, updated: columns.stateTimestamp ?? run.updated }, states };
}

/** Gives the parent task run of a subflow a copy of each of its states, and the columns after the last. */
export function followSubflow(
  taskRun: Omit<TaskRun, keyof StateColumns>,
  child: FlowRun,
  states: readonly State[],
  newIdAt: NewIdAt,
): { taskRun: TaskRun; states: State[] } {
  let columns: StateColumns = noStateColumns;
  const copies = states.map(state => {
    const details = {
      flowRunId: taskRun.flowRunId ?? undefined,
      taskRunId: taskRun.id,
      childFlowRunId: child.id,
    };
    const copy = {
      ...state,
      id: newIdAt(state.timestamp) as StateId,
      stateDetails: { ...state.stateDetails, ...details },
    };
    columns = columnsAfter(columns, copy, true);
    return copy;
  });
  return { taskRun: { ...taskRun, ...columns, updated: child.updated }, states: copies };
}
