import type { Flow as DomainFlow } from '../../domain/flowRun';
import { builder } from './builder';

export const Flow = builder.objectRef<DomainFlow>('Flow').implement({
  description: 'A flow: what runs are runs of.',
  fields: t => ({
    id: t.expose('id', { type: 'UUID', description: 'Its id.' }),
    name: t.exposeString('name', { description: 'Its name; no two flows share one.' }),
    created: t.expose('created', { type: 'DateTime', description: 'When it was made.' }),
  }),
});
