import { type FlowRunStateChange as Change, watchFlowRuns } from '../../flowRuns/watchFlowRuns';
import { builder } from './builder';
import { FlowRun } from './flowRun';
import { FlowRunFilter } from './flowRunFilter';
import { State } from './state';

const FlowRunStateChange = builder.objectRef<Change>('FlowRunStateChange').implement({
  description: 'A state that was written to a run.',
  fields: t => ({
    flowRun: t.expose('flowRun', { type: FlowRun, description: 'The run as it is after the write.' }),
    state: t.expose('state', { type: State, description: 'The state that was written.' }),
    previousState: t.expose('previousState', {
      type: State,
      nullable: true,
      description: 'The previous state; null if there was none.',
    }),
  }),
});

builder.subscriptionField('flowRunStateChanged', t =>
  t.field({
    type: FlowRunStateChange,
    description:
      'Sends every state that any instance writes to runs that match (after the write). ' +
      'Live only: read states that were missed from the histories of the runs.',
    args: { filter: t.arg({ type: FlowRunFilter, description: 'The runs to include; all by default.' }) },
    subscribe: (_parent, { filter }, { services }) => watchFlowRuns(services, filter ?? null),
    resolve: change => change,
  }),
);
