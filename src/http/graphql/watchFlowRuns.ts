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
      description: 'The state that it replaced; null where there was none.',
    }),
  }),
});

builder.subscriptionField('flowRunStateChanged', t =>
  t.field({
    type: FlowRunStateChange,
    description:
      'Every state written, by any call or instance, to runs that match (as they are after the write). ' +
      "Live only: what happens while a client is away is read from the runs' histories.",
    args: { filter: t.arg({ type: FlowRunFilter, description: 'Which runs; absent: all.' }) },
    subscribe: (_parent, { filter }, { services }) => watchFlowRuns(services, filter ?? null),
    resolve: change => change,
  }),
);
