import type { TaskRun as DomainTaskRun } from '../../domain/flowRun';
import { builder, needsRead } from './builder';
import { StateType } from './enums';
import { State } from './state';

export const TaskRun = builder.objectRef<DomainTaskRun>('TaskRun').implement({
  description: 'A task run that represents a subflow in its parent flow run.',
  ...needsRead,
  fields: t => ({
    id: t.expose('id', { type: 'UUID', description: 'The id.' }),
    name: t.exposeString('name', { description: 'The name.' }),
    flowRunId: t.expose('flowRunId', { type: 'UUID', nullable: true, description: 'The parent flow run.' }),
    stateType: t.expose('stateType', {
      type: StateType,
      nullable: true,
      description: 'The type of the current state.',
    }),
    state: t.field({
      type: State,
      nullable: true,
      description: 'The current state: a copy of the state of the subflow.',
      resolve: ({ stateId }, _args, { loaders }) =>
        stateId === null ? null : loaders.taskRunState.load(stateId),
    }),
  }),
});
