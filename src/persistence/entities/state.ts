import type { FlowRunId, StateId, TaskRunId } from '../../domain/identifiers';
import type { Json } from '../../domain/json';
import type { State, StateType } from '../../domain/state';
import type { StateDetails } from '../../domain/stateDetails';
import {
  entity,
  instant,
  json,
  nullableJson,
  nullableText,
  primaryId,
  type RawRow,
  rowReader,
  text,
} from './columns';

/** What a state is made of, whoever is in it. */
export const stateColumns = {
  id: primaryId<StateId>('id'),
  type: text<StateType>('type'),
  name: text('name'),
  timestamp: instant('timestamp'),
  message: nullableText('message'),
  data: nullableJson<Json>('data'),
  stateDetails: json<StateDetails>('state_details'),
};

/** The states that flow runs are or were in; never changed once written. */
export const flowRunStateColumns = { ...stateColumns, flowRunId: text<FlowRunId>('flow_run_id') };
export const FlowRunStateEntity = entity('FlowRunState', 'flow_run_state', flowRunStateColumns);

/** The states of the task runs that stand for subflows. */
export const taskRunStateColumns = { ...stateColumns, taskRunId: text<TaskRunId>('task_run_id') };
export const TaskRunStateEntity = entity('TaskRunState', 'task_run_state', taskRunStateColumns);

/** The state that a row of either table holds. */
export const stateOf: (row: RawRow) => State = rowReader(stateColumns);
