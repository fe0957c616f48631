import type { Flow as DomainFlow } from '../../domain/flowRun';
import type { FlowId } from '../../domain/identifiers';
import type { Context } from '../context';
import { builder } from './builder';
import { Node } from './node';

export const Flow = builder.objectRef<DomainFlow>('Flow').implement({
  description: 'A flow.',
  interfaces: [Node],
  fields: t => ({
    id: t.expose('id', { type: 'UUID', description: 'The id.' }),
    name: t.exposeString('name', { description: 'The name, unique among flows.' }),
    created: t.expose('created', { type: 'DateTime', description: 'When it was created.' }),
  }),
});

/**
 * Resolves the flow of a run or a deployment. Flows are never deleted.
 *
 * @throws Error if it is missing all the same.
 */
export async function loadFlow(
  { id, flowId }: { id: string; flowId: FlowId },
  _args: object,
  { loaders }: Context,
): Promise<DomainFlow> {
  const flow = await loaders.flow.load(flowId);
  if (flow === null) throw new Error(`flow ${flowId} of ${id} is gone`);
  return flow;
}
