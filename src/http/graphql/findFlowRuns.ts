import type { DeploymentId, FlowId, FlowRunId } from '../../domain/identifiers';
import type { StateType as DomainStateType } from '../../domain/state';
import { countFlowRunStates, countFlowRuns } from '../../flowRuns/countFlowRuns';
import { flowRunConnection } from '../../flowRuns/flowRunConnection';
import { builder } from './builder';
import { connectionType, pageArguments, pageOf } from './connection';
import { countCost, counts, itemsAtMost, pageOfRuns } from './cost';
import { Deployment } from './deployment';
import { FlowRunSort, StateType } from './enums';
import { Flow } from './flow';
import { FlowRun } from './flowRun';
import { FlowRunFilter } from './flowRunFilter';

const FlowRunConnection = connectionType(FlowRun, { one: 'run', many: 'runs', countCost });

const FlowRunStateCount = builder
  .objectRef<{ stateType: DomainStateType | null; count: number }>('FlowRunStateCount')
  .implement({
    description: 'How many runs are in states of one type.',
    fields: t => ({
      stateType: t.expose('stateType', {
        type: StateType,
        nullable: true,
        description: 'The type; null: runs without a state.',
      }),
      count: t.exposeInt('count', { description: 'How many.' }),
    }),
  });

builder.queryFields(t => ({
  flowRun: t.field({
    type: FlowRun,
    nullable: true,
    description: 'One run; null where there is none.',
    args: { id: t.arg({ type: 'UUID', required: true, description: 'Its id.' }) },
    resolve: (_parent, { id }, { loaders }) => loaders.flowRun.load(id as FlowRunId),
  }),
  flowRuns: t.field({
    ...pageOfRuns,
    type: FlowRunConnection,
    description: 'Cursors stay valid while runs come and go; with another sort or filter they are refused.',
    args: {
      filter: t.arg({ type: FlowRunFilter, description: 'Which runs; absent: all.' }),
      sort: t.arg({
        type: FlowRunSort,
        required: true,
        defaultValue: 'ID_DESC',
        description: 'In which order.',
      }),
      ...pageArguments(50),
    },
    resolve: (_parent, { filter, sort, ...page }, context) =>
      flowRunConnection(context.services, {
        filter: filter ?? null,
        sort,
        spend: context.budget.spend,
        ...pageOf(page, context),
      }),
  }),
  flowRunCount: t.int({
    ...counts,
    description: 'How many runs match.',
    args: { filter: t.arg({ type: FlowRunFilter, description: 'Which runs; absent: all.' }) },
    resolve: (_parent, { filter }, { services }) => countFlowRuns(services, filter ?? null),
  }),
  flowRunStateCounts: t.field({
    extensions: { cost: { ...counts.extensions.cost, ...itemsAtMost(10).extensions.cost } },
    type: [FlowRunStateCount],
    description: 'How many runs match, by the type of their state; types that no run is in are left out.',
    args: { filter: t.arg({ type: FlowRunFilter, description: 'Which runs; absent: all.' }) },
    resolve: (_parent, { filter }, { services }) => countFlowRunStates(services, filter ?? null),
  }),
  flow: t.field({
    type: Flow,
    nullable: true,
    description: 'One flow; null where there is none.',
    args: { id: t.arg({ type: 'UUID', required: true, description: 'Its id.' }) },
    resolve: (_parent, { id }, { loaders }) => loaders.flow.load(id as FlowId),
  }),
  deployment: t.field({
    type: Deployment,
    nullable: true,
    description: 'One deployment; null where there is none.',
    args: { id: t.arg({ type: 'UUID', required: true, description: 'Its id.' }) },
    resolve: (_parent, { id }, { loaders }) => loaders.deployment.load(id as DeploymentId),
  }),
}));
