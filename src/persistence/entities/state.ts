import type { BulkOperationId, FlowRunId, StateId, TaskRunId } from '../../domain/identifiers';
import type { Json } from '../../domain/json';
import type { State, StateType } from '../../domain/state';
import type { StateDetails } from '../../domain/stateDetails';
import {
  instant,
  json,
  longText,
  nullable,
  primary,
  type RawRow,
  rowReader,
  searchOnly,
  TableSchema,
  text,
  uuid,
  word,
} from './columns';
import { loweredBeyondAscii } from './lowered';

/** The columns of a state of any owner. */
const stateColumns = {
  id: primary(uuid<StateId>('id')),
  type: word<StateType>('type'),
  name: text('name'),
  timestamp: instant('timestamp'),
  message: nullable(longText('message')),
  data: nullable(json<Json>('data')),
  stateDetails: json<StateDetails>('state_details'),
  /** Null for states that are older than these two columns. */
  actor: nullable(text('actor')),
  bulkOperationId: nullable(uuid<BulkOperationId>('bulk_operation_id')),
};

/** The states that flow runs are or were in; never changed once written. */
export const FlowRunStateEntity = new TableSchema('FlowRunState', 'flow_run_state', {
  ...stateColumns,
  flowRunId: uuid<FlowRunId>('flow_run_id'),
  messageLowered: searchOnly(nullable(longText('message_lowered'))),
});

/** The columns of a flow run's state that are not those of any state. */
export const flowRunStateColumnsOf = ({ message }: State, flowRunId: FlowRunId) => ({
  flowRunId,
  messageLowered: loweredBeyondAscii(message),
});

/** The states of the task runs that stand for subflows. */
export const TaskRunStateEntity = new TableSchema('TaskRunState', 'task_run_state', {
  ...stateColumns,
  taskRunId: uuid<TaskRunId>('task_run_id'),
});

/** The state that a row of either table holds. */
export const stateOf: (row: RawRow) => State = rowReader(stateColumns);
