import { callLimit, maxRunsPerCall } from '../../domain/bounds';
import type { FlowRunId } from '../../domain/identifiers';
import {
  type BulkSetFlowRunStateRequest,
  bulkSetFlowRunState,
  previewBulkSetFlowRunState,
  setFlowRunState,
} from '../../transitions/bulkSetFlowRunState';
import type { OrchestrationResult } from '../../transitions/orchestrationResult';
import type { Context } from '../context';
import { builder } from './builder';
import { pageOfCall } from './fieldCosts';
import { FlowRunFilter } from './flowRunFilter';
import { FlowRunOrchestrationResult } from './orchestrationResult';
import { proposalOf, StateCreate } from './state';

const forceDescription =
  'Whether the minimal policy applies instead of all rules; requires the scope `force`.';

const BulkSetFlowRunStateInput = builder.inputType('BulkSetFlowRunStateInput', {
  description: 'One state for the newest runs that match.',
  fields: t => ({
    state: t.field({ type: StateCreate, required: true, description: 'The state to propose to each run.' }),
    flowRuns: t.field({ type: FlowRunFilter, description: 'The runs to move; any by default.' }),
    force: t.boolean({ required: true, defaultValue: false, description: forceDescription }),
    limit: t.int({
      required: true,
      defaultValue: maxRunsPerCall,
      description: '1 to 50.',
      validate: { schema: callLimit },
    }),
  }),
});

const SetFlowRunStateInput = builder.inputType('SetFlowRunStateInput', {
  description: 'One state for one run.',
  fields: t => ({
    flowRunId: t.field({ type: 'UUID', required: true, description: 'The run.' }),
    state: t.field({ type: StateCreate, required: true, description: 'The state to propose to it.' }),
    force: t.boolean({ required: true, defaultValue: false, description: forceDescription }),
  }),
});

const BulkSetFlowRunStatePayload = builder
  .objectRef<{ results: OrchestrationResult[] }>('BulkSetFlowRunStatePayload')
  .implement({
    description: 'The decisions.',
    fields: t => ({
      results: t.expose('results', {
        type: [FlowRunOrchestrationResult],
        description: 'One result for each run, newest first.',
      }),
    }),
  });

const requestOf = (
  input: typeof BulkSetFlowRunStateInput.$inferInput,
  context: Context,
): BulkSetFlowRunStateRequest => ({
  proposal: proposalOf(input.state),
  filter: input.flowRuns ?? null,
  force: input.force,
  limit: input.limit,
  callerRenewsLeases: context.callerRenewsLeases,
  author: context.author,
});

const allow = (scope: 'read' | 'write', force: boolean) =>
  force ? { $all: { [scope]: true, force: true } } : { [scope]: true };

builder.mutationField('bulkSetFlowRunState', t =>
  t.field({
    ...pageOfCall,
    type: BulkSetFlowRunStatePayload,
    description:
      'Proposes one state to the newest runs that match, decides each by the rules, and writes the decisions.',
    args: {
      input: t.arg({
        type: BulkSetFlowRunStateInput,
        required: true,
        description: 'The runs and the state.',
      }),
    },
    authScopes: (_parent, { input }) => allow('write', input.force),
    resolve: async (_parent, { input }, context) => {
      const results = await bulkSetFlowRunState(context.services, requestOf(input, context));
      return { results };
    },
  }),
);

builder.queryField('previewBulkSetFlowRunState', t =>
  t.field({
    ...pageOfCall,
    type: BulkSetFlowRunStatePayload,
    description:
      'Returns what `bulkSetFlowRunState` would decide, by the same rules on the same rows, and writes nothing.',
    args: {
      input: t.arg({
        type: BulkSetFlowRunStateInput,
        required: true,
        description: 'The runs and the state.',
      }),
    },
    authScopes: (_parent, { input }) => allow('read', input.force),
    resolve: async (_parent, { input }, context) => ({
      results: await previewBulkSetFlowRunState(context.services, requestOf(input, context)),
    }),
  }),
);

builder.mutationField('setFlowRunState', t =>
  t.field({
    type: FlowRunOrchestrationResult,
    description: 'Proposes one state to one run. For an unknown id returns ABORT, FLOW_RUN_NOT_FOUND.',
    args: {
      input: t.arg({
        type: SetFlowRunStateInput,
        required: true,
        description: 'The run and the state.',
      }),
    },
    authScopes: (_parent, { input }) => allow('write', input.force),
    resolve: async (_parent, { input }, context) => {
      const result = await setFlowRunState(context.services, {
        flowRunId: input.flowRunId as FlowRunId,
        proposal: proposalOf(input.state),
        force: input.force,
        callerRenewsLeases: context.callerRenewsLeases,
        author: context.author,
      });
      return result;
    },
  }),
);
