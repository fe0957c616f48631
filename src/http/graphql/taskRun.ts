import type { TaskRun as DomainTaskRun } from '../../domain/flowRun';
import { builder, needsRead } from './builder';
import { StateType } from './enums';
import { State } from './state';

export const TaskRun = builder.objectRef<DomainTaskRun>('TaskRun').implement({
  description: 'The task run that stands for a subflow in its parent flow run.',
  ...needsRead,
  fields: t => ({
    id: t.expose('id', { type: 'UUID', description: 'Its id.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    flowRunId: t.expose('flowRunId', { type: 'UUID', nullable: true, description: 'The parent flow run.' }),
    stateType: t.expose('stateType', {
      type: StateType,
      nullable: true,
      description: 'The type of the state that it is in.',
    }),
    state: t.field({
      type: State,
      nullable: true,
      description: 'The state that it is in: a copy of the state of the subflow.',
      resolve: ({ stateId }, _args, { loaders }) =>
        stateId === null ? null : loaders.taskRunState.load(stateId),
    }),
  }),
});
