import type { StateType as DomainStateType } from '../../domain/state';
import { builder } from './builder';
import { StateType } from './enums';

/** How many runs are in states of one type. */
export const FlowRunStateCount = builder
  .objectRef<{ stateType: DomainStateType | null; count: number }>('FlowRunStateCount')
  .implement({
    description: 'The number of runs with one type of state.',
    fields: t => ({
      stateType: t.expose('stateType', {
        type: StateType,
        nullable: true,
        description: 'The type; null for runs without a state.',
      }),
      count: t.exposeInt('count', { description: 'The number of runs.' }),
    }),
  });
