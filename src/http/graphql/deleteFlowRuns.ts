import { callLimit, maxRunsPerCall } from '../../domain/bounds';
import { badUserInput } from '../../domain/errors';
import type { FlowRunId } from '../../domain/identifiers';
import { bulkDeleteFlowRuns, hasConditions } from '../../flowRuns/deleteFlowRuns';
import { builder } from './builder';
import { FlowRunFilter } from './flowRunFilter';

const BulkDeleteFlowRunsInput = builder.inputType('BulkDeleteFlowRunsInput', {
  description: 'The runs to delete.',
  fields: t => ({
    flowRuns: t.field({ type: FlowRunFilter, required: true, description: 'The runs to delete.' }),
    all: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Required for a filter without a condition; otherwise BAD_USER_INPUT.',
    }),
    limit: t.int({
      required: true,
      defaultValue: maxRunsPerCall,
      description: '1 to 50.',
      validate: { schema: callLimit },
    }),
  }),
});

const BulkDeleteFlowRunsPayload = builder
  .objectRef<{ deletedIds: FlowRunId[] }>('BulkDeleteFlowRunsPayload')
  .implement({
    description: 'The deleted runs.',
    fields: t => ({
      deletedIds: t.expose('deletedIds', {
        type: ['UUID'],
        description: 'The ids of the deleted runs, newest first.',
      }),
    }),
  });

builder.mutationField('bulkDeleteFlowRuns', t =>
  t.field({
    type: BulkDeleteFlowRunsPayload,
    description: 'Deletes matching runs with their states, and frees their slots.',
    args: {
      input: t.arg({ type: BulkDeleteFlowRunsInput, required: true, description: 'The runs to delete.' }),
    },
    resolve: async (_parent, { input }, context) => {
      if (!input.all && !hasConditions(input.flowRuns))
        throw badUserInput([
          {
            path: ['input', 'flowRuns'],
            message:
              'has no condition, so the newest runs would be deleted. Name a condition, or set `all: true`',
          },
        ]);
      const deletedIds = await bulkDeleteFlowRuns(context.services, input.flowRuns, input.limit);
      return { deletedIds };
    },
  }),
);
