import type { FlowRunId, TaskRunId } from '../../domain/identifiers';
import { entity, instant, nullableText, primaryId, rowReader, text } from './columns';
import { stateKeepingColumns } from './flowRun';

/** The task runs that stand for subflows in their parent flow runs. */
export const taskRunColumns = {
  id: primaryId<TaskRunId>('id'),
  name: text('name'),
  flowRunId: nullableText<FlowRunId>('flow_run_id'),
  taskKey: nullableText('task_key'),
  dynamicKey: nullableText('dynamic_key'),
  ...stateKeepingColumns,
  created: instant('created'),
  updated: instant('updated'),
};
export const taskRunOf = rowReader(taskRunColumns);
export const TaskRunEntity = entity('TaskRun', 'task_run', taskRunColumns);
