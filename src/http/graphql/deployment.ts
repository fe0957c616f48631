import type { Deployment as DomainDeployment } from '../../domain/flowRun';
import { builder } from './builder';
import { CollisionStrategy } from './enums';
import { Flow } from './flow';

export const Deployment = builder.objectRef<DomainDeployment>('Deployment').implement({
  description: 'A flow made ready to run somewhere, and how many of its runs may run at once.',
  fields: t => ({
    id: t.expose('id', { type: 'UUID', description: 'Its id.' }),
    name: t.exposeString('name', { description: 'Its name; no two deployments of a flow share one.' }),
    flow: t.field({
      type: Flow,
      description: 'The flow that it runs.',
      resolve: async ({ flowId }, _args, { loaders }) => {
        const flow = await loaders.flow.load(flowId);
        if (flow === null) throw new Error(`flow ${flowId} of a deployment is gone`);
        return flow;
      },
    }),
    concurrencyLimit: t.exposeInt('concurrencyLimit', {
      nullable: true,
      description: 'How many runs may run at once; null: any number.',
    }),
    collisionStrategy: t.expose('collisionStrategy', {
      type: CollisionStrategy,
      description: 'What becomes of a run for which no slot is free.',
    }),
    gracePeriodSeconds: t.exposeInt('gracePeriodSeconds', {
      nullable: true,
      description: 'How long a slot is kept without a renewal; null: the configured default.',
    }),
    activeSlots: t.exposeInt('activeSlots', { description: 'How many slots are taken.' }),
    created: t.expose('created', { type: 'DateTime', description: 'When it was made.' }),
  }),
});
