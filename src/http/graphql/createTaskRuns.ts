import type { TaskRun as DomainTaskRun } from '../../domain/flowRun';
import type { FlowRunId, TaskRunId } from '../../domain/identifiers';
import { createTaskRuns } from '../../flowRuns/createTaskRuns';
import { builder } from './builder';
import { pageOfInput } from './cost';
import { maxAtOnce } from './createFlowRuns';
import { TaskRun } from './taskRun';

const CreateTaskRunInput = builder.inputType('CreateTaskRunInput', {
  description: 'A task run that stands for a subflow.',
  fields: t => ({
    id: t.field({ type: 'UUID', description: 'Its id; a new one where absent.' }),
    flowRunId: t.field({ type: 'UUID', required: true, description: 'The parent flow run.' }),
    name: t.string({
      description: 'Its name; one is made up where absent.',
      validate: { minLength: 1, maxLength: 255 },
    }),
  }),
});

const CreateTaskRunsPayload = builder
  .objectRef<{ taskRuns: DomainTaskRun[] }>('CreateTaskRunsPayload')
  .implement({
    description: 'The task runs, in the order in which they were asked for.',
    fields: t => ({ taskRuns: t.expose('taskRuns', { type: [TaskRun], description: 'One for each.' }) }),
  });

builder.mutationFields(t => ({
  createTaskRuns: t.field({
    ...pageOfInput,
    type: CreateTaskRunsPayload,
    description: '1 to 1000 at once: the task runs that stand for subflows in their parent flow runs.',
    args: {
      input: t.arg({
        type: [CreateTaskRunInput],
        required: true,
        description: 'The task runs.',
        validate: maxAtOnce,
      }),
    },
    resolve: async (_parent, { input }, context) => {
      const requests = input.map(({ id, flowRunId, name }) => ({
        id: (id ?? null) as TaskRunId | null,
        flowRunId: flowRunId as FlowRunId,
        name: name ?? null,
        taskKey: null,
        dynamicKey: null,
        state: null,
      }));
      const results = await createTaskRuns(context.services, requests);
      return { taskRuns: results.map(({ taskRun }) => taskRun) };
    },
  }),
}));
