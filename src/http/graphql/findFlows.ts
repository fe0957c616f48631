import { z } from 'zod';
import { type FlowFilter as DomainFlowFilter, flowFilter } from '../../domain/flowFilter';
import { countFlows, findFlowsByName } from '../../flowRuns/findFlows';
import { builder } from './builder';
import { connectionType, pageArguments, resolvePage } from './connection';
import { type CursorList, digestOf, nameInKey } from './cursors';
import { listOfAll } from './fieldCosts';
import { inputType } from './fieldGroup';
import { Flow } from './flow';

const FlowFilter = inputType('FlowFilter', flowFilter);

const FlowConnection = connectionType(Flow, { one: 'flow', many: 'flows', order: 'by name' });

const cursorsOf = (filter: DomainFlowFilter | null): CursorList<[name: string]> => ({
  name: 'flows',
  within: { filter: digestOf(filter) },
  key: z.tuple([nameInKey]),
});

builder.queryField('flows', t =>
  t.field({
    ...listOfAll,
    type: FlowConnection,
    description: 'Returns flows by name, ascending.',
    args: {
      filter: t.arg({ type: FlowFilter, description: 'The flows to return; all by default.' }),
      ...pageArguments(50),
    },
    resolve: (_parent, { filter: sent, ...page }, context) => {
      const filter = sent ?? null;
      return resolvePage(page, context, {
        cursors: cursorsOf(filter),
        async find(after, limit) {
          const flows = await findFlowsByName(context.services, filter, limit, after?.[0] ?? null);
          return flows.map(flow => ({ node: flow, key: [flow.name] }));
        },
        count: () => countFlows(context.services, filter),
      });
    },
  }),
);
