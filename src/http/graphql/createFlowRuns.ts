import type { FlowRun as DomainFlowRun } from '../../domain/flowRun';
import type { DeploymentId, FlowId, FlowRunId, TaskRunId } from '../../domain/identifiers';
import { createFlowRuns, type FlowRunRequest } from '../../flowRuns/createFlowRuns';
import { builder } from './builder';
import { pageOfInput } from './cost';
import { FlowRun } from './flowRun';
import { proposalOf, StateCreate } from './state';

/** How many runs one call may make. */
export const maxAtOnce = { minLength: 1, maxLength: 1000 } as const;
const shortText = { maxLength: 255 } as const;

const CreatedByInput = builder.inputType('CreatedByInput', {
  description: 'Who makes a run.',
  fields: t => ({
    id: t.field({ type: 'UUID', description: 'The id of the creator.' }),
    type: t.string({ description: 'What the creator is.', validate: shortText }),
    displayValue: t.string({ description: 'What people call the creator.', validate: { maxLength: 1024 } }),
  }),
});

const CreateFlowRunInput = builder.inputType('CreateFlowRunInput', {
  description: 'A run to be made.',
  fields: t => ({
    id: t.field({ type: 'UUID', description: 'Its id; a new one where absent.' }),
    flowId: t.field({ type: 'UUID', required: true, description: 'The flow that it is a run of.' }),
    deploymentId: t.field({ type: 'UUID', description: 'The deployment that it comes from.' }),
    name: t.string({
      description: 'Its name; one is made up where absent.',
      validate: { minLength: 1, maxLength: 255 },
    }),
    tags: t.stringList({ description: 'Its tags.', validate: { items: { type: 'string', ...shortText } } }),
    workQueueName: t.string({ description: 'The work queue that it waits in.', validate: shortText }),
    flowVersion: t.string({ description: 'The version of the flow.', validate: shortText }),
    parameters: t.field({ type: 'JSON', description: 'What the flow is called with; {} where absent.' }),
    idempotencyKey: t.string({
      description: 'Keeps it from being made twice in its flow.',
      validate: { maxLength: 512 },
    }),
    parentTaskRunId: t.field({
      type: 'UUID',
      description: 'The task run that stands for it in its parent flow run.',
    }),
    infrastructurePid: t.string({
      description: 'What it runs in, as its worker calls it.',
      validate: { maxLength: 1024 },
    }),
    createdBy: t.field({ type: CreatedByInput, description: 'Who makes it.' }),
    retries: t.int({ description: 'How often it is tried again when it fails.', validate: { min: 0 } }),
    retryDelay: t.int({ description: 'Seconds.', validate: { min: 0 } }),
    state: t.field({
      type: StateCreate,
      description: "Written without rules, as the run's first state; none: the run has no state.",
    }),
  }),
});

const CreateFlowRunResult = builder
  .objectRef<{ flowRun: DomainFlowRun; created: boolean }>('CreateFlowRunResult')
  .implement({
    description: '`created` is false where the idempotency key had a run already.',
    fields: t => ({
      flowRun: t.expose('flowRun', { type: FlowRun, description: 'The run.' }),
      created: t.exposeBoolean('created', { description: 'Whether it was made just now.' }),
    }),
  });

const CreateFlowRunsPayload = builder
  .objectRef<{ results: { flowRun: DomainFlowRun; created: boolean }[] }>('CreateFlowRunsPayload')
  .implement({
    description: 'The runs, in the order in which they were asked for.',
    fields: t => ({
      results: t.expose('results', { type: [CreateFlowRunResult], description: 'One for each.' }),
    }),
  });

const requestOf = (input: typeof CreateFlowRunInput.$inferInput): FlowRunRequest => ({
  id: (input.id ?? null) as FlowRunId | null,
  flowId: input.flowId as FlowId,
  deploymentId: (input.deploymentId ?? null) as DeploymentId | null,
  name: input.name ?? null,
  tags: input.tags ?? [],
  workQueueName: input.workQueueName ?? null,
  flowVersion: input.flowVersion ?? null,
  parameters: input.parameters ?? {},
  idempotencyKey: input.idempotencyKey ?? null,
  parentTaskRunId: (input.parentTaskRunId ?? null) as TaskRunId | null,
  infrastructurePid: input.infrastructurePid ?? null,
  createdBy: input.createdBy
    ? {
        id: input.createdBy.id ?? null,
        type: input.createdBy.type ?? null,
        displayValue: input.createdBy.displayValue ?? null,
      }
    : null,
  policy: {
    retries: input.retries ?? null,
    retryDelay: input.retryDelay ?? null,
    pauseKeys: [],
    resuming: false,
    retryType: null,
  },
  state: input.state ? proposalOf(input.state) : null,
});

builder.mutationFields(t => ({
  createFlowRuns: t.field({
    ...pageOfInput,
    type: CreateFlowRunsPayload,
    description:
      '1 to 1000 at once, all or none, answered in order. A run whose (flow, idempotencyKey) exists is answered, not made again.',
    args: {
      input: t.arg({
        type: [CreateFlowRunInput],
        required: true,
        description: 'The runs.',
        validate: maxAtOnce,
      }),
    },
    resolve: async (_parent, { input }, context) => {
      const results = await createFlowRuns(context.services, input.map(requestOf));
      return { results };
    },
  }),
}));
