import type { FlowRunId, TaskRunId } from '../../domain/identifiers';
import { instant, nullable, primary, TableSchema, text, uuid } from './columns';
import { runStateColumns } from './flowRun';

/** The task runs that stand for subflows in their parent flow runs. */
export const TaskRunEntity = new TableSchema('TaskRun', 'task_run', {
  id: primary(uuid<TaskRunId>('id')),
  name: text('name'),
  flowRunId: nullable(uuid<FlowRunId>('flow_run_id')),
  taskKey: nullable(text('task_key')),
  dynamicKey: nullable(text('dynamic_key')),
  ...runStateColumns,
  created: instant('created'),
  updated: instant('updated'),
});
