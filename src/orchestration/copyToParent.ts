import type { ParentTaskRunTransition } from '../domain/decision';
import type { CallFacts, FlowRunFacts } from '../domain/facts';
import type { State } from '../domain/state';
import { columnsAfter, freeTimestamp } from './bookkeeping';

/** The copy for the parent task run, which an earlier run of the batch may already have moved. */
export function copyToParent(
  {
    id: childFlowRunId,
    parentTaskRun,
    parentLaterTimestamps,
  }: Pick<FlowRunFacts, 'id' | 'parentTaskRun' | 'parentLaterTimestamps'>,
  state: State,
  earlier: ParentTaskRunTransition | undefined,
  call: Pick<CallFacts, 'now' | 'newStateId'>,
): ParentTaskRunTransition | null {
  if (parentTaskRun === null) return null;
  const { id: taskRunId, flowRunId } = parentTaskRun;
  const before = earlier?.columns ?? parentTaskRun;
  // Timestamps before the earlier copy are taken: it used the first free one.
  const from = earlier?.state.timestamp ?? call.now;
  const copy: State = {
    ...state,
    id: call.newStateId(),
    timestamp: freeTimestamp(from, before.stateTimestamp, parentLaterTimestamps),
    stateDetails: { ...state.stateDetails, flowRunId: flowRunId ?? undefined, taskRunId, childFlowRunId },
  };
  return { taskRunId, state: copy, columns: columnsAfter(before, copy, true) };
}
