import type { DeploymentId, FlowId } from '../../domain/identifiers';
import { createDeployment, createFlow, updateDeployment } from '../../flowRuns/flowsAndDeployments';
import { builder } from './builder';
import { Deployment } from './deployment';
import { CollisionStrategy } from './enums';
import { Flow } from './flow';
import { leaseSeconds } from './renewConcurrencyLease';

const nameLength = { minLength: 1, maxLength: 255 } as const;
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
      description: 'How many runs may run at once; absent: any number.',
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
      description: 'How many runs may run at once; null: any number.',
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

builder.mutationFields(t => ({
  createFlow: t.field({
    type: Flow,
    description: 'Makes a flow, or answers the one that has the name.',
    args: { input: t.arg({ type: CreateFlowInput, required: true, description: 'The flow.' }) },
    resolve: async (_parent, { input }, context) => {
      const { flow } = await createFlow(context.services, input.name);
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
      return deployment;
    },
  }),
}));
