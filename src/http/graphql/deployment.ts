import type { Deployment as DomainDeployment } from '../../domain/flowRun';
import { builder } from './builder';
import { CollisionStrategy } from './enums';
import { Flow, loadFlow } from './flow';
import { Node } from './node';

export const Deployment = builder.objectRef<DomainDeployment>('Deployment').implement({
  description: 'A deployment of a flow, with its concurrency limit.',
  interfaces: [Node],
  fields: t => ({
    id: t.expose('id', { type: 'UUID', description: 'The id.' }),
    name: t.exposeString('name', { description: 'The name, unique within its flow.' }),
    flow: t.field({
      type: Flow,
      description: 'The flow of the deployment.',
      resolve: loadFlow,
    }),
    concurrencyLimit: t.exposeInt('concurrencyLimit', {
      nullable: true,
      description: 'The maximum number of concurrent runs; null for no limit.',
    }),
    collisionStrategy: t.expose('collisionStrategy', {
      type: CollisionStrategy,
      description: 'What happens to a run without a free slot.',
    }),
    gracePeriodSeconds: t.exposeInt('gracePeriodSeconds', {
      nullable: true,
      description: 'The duration of a lease without a renewal, in seconds; null for the configured default.',
    }),
    activeSlots: t.exposeInt('activeSlots', { description: 'The number of slots in use.' }),
    created: t.expose('created', { type: 'DateTime', description: 'When it was created.' }),
  }),
});
