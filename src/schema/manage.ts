import { bulkDeleteFlowRuns } from '../app/deleteFlowRuns';
import { createDeployment, createFlow, updateDeployment } from '../app/flowsAndDeployments';
import { renewConcurrencyLease } from '../app/renewConcurrencyLease';
import type { DeploymentId, FlowId, FlowRunId, LeaseId } from '../domain/identifiers';
import { builder } from './builder';
import { CollisionStrategy } from './enums';
import { Deployment, Flow } from './flow';
import { FlowRunFilter } from './flowRunFilter';
import { callLimit } from './setFlowRunState';

const nameLength = { minLength: 1, maxLength: 255 } as const;
const leaseSeconds = { min: 60, max: 86400 } as const;
const concurrencyLimit = { min: 0 } as const;

const CreateFlowInput = builder.inputType('CreateFlowInput', {
  description: 'A flow to be made.',
  fields: t => ({
    name: t.string({
      required: true,
      description: 'Its name; the flow that has it already is answered, not made again.',
      validate: nameLength,
    }),
  }),
});

const CreateDeploymentInput = builder.inputType('CreateDeploymentInput', {
  description: 'A deployment to be made; the one that has the name already in its flow takes these settings.',
  fields: t => ({
    flowId: t.field({ type: 'UUID', required: true, description: 'The flow that it runs.' }),
    name: t.string({ required: true, description: 'Its name.', validate: nameLength }),
    concurrencyLimit: t.int({
      description: 'How many runs may run at once; absent: as many as come.',
      validate: concurrencyLimit,
    }),
    collisionStrategy: t.field({
      type: CollisionStrategy,
      required: true,
      defaultValue: 'ENQUEUE',
      description: 'What becomes of a run for which no slot is free.',
    }),
    gracePeriodSeconds: t.int({ description: '60 to 86400.', validate: leaseSeconds }),
  }),
});

const UpdateDeploymentInput = builder.inputType('UpdateDeploymentInput', {
  description: 'What is absent stays; null lifts the limit, or puts the default back.',
  fields: t => ({
    id: t.field({ type: 'UUID', required: true, description: 'The deployment.' }),
    concurrencyLimit: t.int({
      description: 'How many runs may run at once; null: as many as come.',
      validate: concurrencyLimit,
    }),
    collisionStrategy: t.field({
      type: CollisionStrategy,
      description: 'What becomes of a run for which no slot is free; null: ENQUEUE.',
    }),
    gracePeriodSeconds: t.int({
      description: '60 to 86400; null: the configured default.',
      validate: leaseSeconds,
    }),
  }),
});

const BulkDeleteFlowRunsInput = builder.inputType('BulkDeleteFlowRunsInput', {
  description: 'Which runs to delete.',
  fields: t => ({
    flowRuns: t.field({ type: FlowRunFilter, required: true, description: 'Which runs.' }),
    limit: t.int({ required: true, defaultValue: 50, description: '1 to 50.', validate: callLimit }),
  }),
});

const BulkDeleteFlowRunsPayload = builder
  .objectRef<{ deletedIds: FlowRunId[] }>('BulkDeleteFlowRunsPayload')
  .implement({
    description: 'What was deleted.',
    fields: t => ({
      deletedIds: t.expose('deletedIds', {
        type: ['UUID'],
        description: 'The ids of the deleted runs, newest first.',
      }),
    }),
  });

const RenewConcurrencyLeaseInput = builder.inputType('RenewConcurrencyLeaseInput', {
  description: '`ttlSeconds`: 60 to 86400.',
  fields: t => ({
    leaseId: t.field({ type: 'UUID', required: true, description: 'The lease.' }),
    ttlSeconds: t.int({
      required: true,
      description: 'How long it is to last from now on.',
      validate: leaseSeconds,
    }),
  }),
});

const RenewConcurrencyLeasePayload = builder
  .objectRef<{ renewed: boolean }>('RenewConcurrencyLeasePayload')
  .implement({
    description: '`renewed` is false where the lease is gone.',
    fields: t => ({
      renewed: t.exposeBoolean('renewed', { description: 'Whether the lease was there to be renewed.' }),
    }),
  });

builder.mutationFields(t => ({
  bulkDeleteFlowRuns: t.field({
    type: BulkDeleteFlowRunsPayload,
    description: 'Deletes matching runs with their states; a slot that one of them held is freed.',
    args: { input: t.arg({ type: BulkDeleteFlowRunsInput, required: true, description: 'Which runs.' }) },
    resolve: async (_parent, { input }, context) => {
      const deletedIds = await bulkDeleteFlowRuns(context.services, input.flowRuns, input.limit);
      context.hasWritten();
      return { deletedIds };
    },
  }),
  createFlow: t.field({
    type: Flow,
    description: 'Makes a flow, or answers the one that has the name.',
    args: { input: t.arg({ type: CreateFlowInput, required: true, description: 'The flow.' }) },
    resolve: async (_parent, { input }, context) => {
      const { flow } = await createFlow(context.services, input.name);
      context.hasWritten();
      return flow;
    },
  }),
  createDeployment: t.field({
    type: Deployment,
    description: 'Makes a deployment, or gives the one that has the name these settings.',
    args: { input: t.arg({ type: CreateDeploymentInput, required: true, description: 'The deployment.' }) },
    resolve: async (_parent, { input }, context) => {
      const { deployment } = await createDeployment(context.services, {
        flowId: input.flowId as FlowId,
        name: input.name,
        concurrencyLimit: input.concurrencyLimit ?? null,
        collisionStrategy: input.collisionStrategy,
        gracePeriodSeconds: input.gracePeriodSeconds ?? null,
      });
      context.hasWritten();
      return deployment;
    },
  }),
  updateDeployment: t.field({
    type: Deployment,
    description: 'Changes the settings of a deployment. Runs that hold a slot keep it.',
    args: { input: t.arg({ type: UpdateDeploymentInput, required: true, description: 'What to change.' }) },
    resolve: async (_parent, { input }, context) => {
      const { id, collisionStrategy, concurrencyLimit: limit, gracePeriodSeconds } = input;
      const deployment = await updateDeployment(context.services, id as DeploymentId, {
        concurrencyLimit: limit,
        collisionStrategy: collisionStrategy === null ? 'ENQUEUE' : collisionStrategy,
        gracePeriodSeconds,
      });
      context.hasWritten();
      return deployment;
    },
  }),
  renewConcurrencyLease: t.field({
    type: RenewConcurrencyLeasePayload,
    description: 'Puts off the end of a lease on a slot.',
    args: {
      input: t.arg({
        type: RenewConcurrencyLeaseInput,
        required: true,
        description: 'Which lease, and for how long.',
      }),
    },
    resolve: async (_parent, { input }, { services }) => ({
      renewed: await renewConcurrencyLease(services, input.leaseId as LeaseId, input.ttlSeconds),
    }),
  }),
}));
