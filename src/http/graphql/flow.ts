import type { Flow as DomainFlow } from '../../domain/flowRun';
import { builder } from './builder';

export const Flow = builder.objectRef<DomainFlow>('Flow').implement({
  description: 'A flow.',
  fields: t => ({
    id: t.expose('id', { type: 'UUID', description: 'The id.' }),
    name: t.exposeString('name', { description: 'The name, unique among flows.' }),
    created: t.expose('created', { type: 'DateTime', description: 'When it was created.' }),
  }),
});
