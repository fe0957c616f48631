import { count, leaseSeconds, nameText } from '../../domain/bounds';
import type { DeploymentId, FlowId } from '../../domain/identifiers';
import { createDeployment, createFlow, updateDeployment } from '../../flowRuns/flowsAndDeployments';
import { builder } from './builder';
import { Deployment } from './deployment';
import { CollisionStrategy } from './enums';
import { Flow } from './flow';

const CreateFlowInput = builder.inputType('CreateFlowInput', {
  description: 'A flow to create.',
  fields: t => ({
    name: t.string({
      required: true,
      description: 'The name; an existing flow with this name is returned.',
      validate: { schema: nameText },
    }),
  }),
});

const CreateDeploymentInput = builder.inputType('CreateDeploymentInput', {
  description: 'A deployment to create; an existing one with this name in its flow gets these settings.',
  fields: t => ({
    flowId: t.field({ type: 'UUID', required: true, description: 'The flow of the deployment.' }),
    name: t.string({ required: true, description: 'The name.', validate: { schema: nameText } }),
    concurrencyLimit: t.int({
      description: 'The maximum number of concurrent runs; no limit by default.',
      validate: { schema: count },
    }),
    collisionStrategy: t.field({
      type: CollisionStrategy,
      required: true,
      defaultValue: 'ENQUEUE',
      description: 'What happens to a run without a free slot.',
    }),
    gracePeriodSeconds: t.int({ description: '60 to 86400.', validate: { schema: leaseSeconds } }),
  }),
});

const UpdateDeploymentInput = builder.inputType('UpdateDeploymentInput', {
  description:
    'Changes of a deployment. Absent fields do not change; null removes the limit or restores the default.',
  fields: t => ({
    id: t.field({ type: 'UUID', required: true, description: 'The deployment.' }),
    concurrencyLimit: t.int({
      description: 'The maximum number of concurrent runs; null for no limit.',
      validate: { schema: count },
    }),
    collisionStrategy: t.field({
      type: CollisionStrategy,
      description: 'What happens to a run without a free slot; null for ENQUEUE.',
    }),
    gracePeriodSeconds: t.int({
      description: 'The duration of a lease in seconds, 60 to 86400; null for the configured default.',
      validate: { schema: leaseSeconds },
    }),
  }),
});

builder.mutationFields(t => ({
  createFlow: t.field({
    type: Flow,
    description: 'Creates a flow, or returns the one with this name.',
    args: { input: t.arg({ type: CreateFlowInput, required: true, description: 'The flow.' }) },
    resolve: async (_parent, { input }, context) => {
      const { flow } = await createFlow(context.services, input.name);
      return flow;
    },
  }),
  createDeployment: t.field({
    type: Deployment,
    description: 'Creates a deployment, or changes the settings of the one with this name.',
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
    description: 'Changes the settings of a deployment. Runs that hold a slot still hold it.',
    args: { input: t.arg({ type: UpdateDeploymentInput, required: true, description: 'The changes.' }) },
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
