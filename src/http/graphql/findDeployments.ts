import { z } from 'zod';
import {
  type DeploymentFilter as DomainDeploymentFilter,
  deploymentFilter,
} from '../../domain/deploymentFilter';
import { countDeployments, findDeployments } from '../../flowRuns/findDeployments';
import { builder, needsRead } from './builder';
import { connectionType, pageArguments, resolvePage } from './connection';
import { type CursorList, digestOf, nameInKey } from './cursors';
import { Deployment } from './deployment';
import { listOfAll, pageOfFirst } from './fieldCosts';
import { inputType } from './fieldGroup';
import { Flow } from './flow';

const DeploymentFilter = inputType('DeploymentFilter', deploymentFilter);

const DeploymentConnection = connectionType(Deployment, {
  one: 'deployment',
  many: 'deployments',
  order: 'by the name of their flow and their own',
});

const cursorsOf = (filter: DomainDeploymentFilter | null): CursorList<[flowName: string, name: string]> => ({
  name: 'deployments',
  within: { filter: digestOf(filter) },
  key: z.tuple([nameInKey, nameInKey]),
});

builder.queryField('deployments', t =>
  t.field({
    ...listOfAll,
    type: DeploymentConnection,
    description: 'Returns deployments by the name of their flow and their own, ascending.',
    args: {
      filter: t.arg({ type: DeploymentFilter, description: 'The deployments to return; all by default.' }),
      ...pageArguments(50),
    },
    resolve: (_parent, { filter: sent, ...page }, context) => {
      const filter = sent ?? null;
      return resolvePage(page, context, {
        cursors: cursorsOf(filter),
        async find(place, limit) {
          const after = place && { flowName: place[0], name: place[1] };
          const found = await findDeployments(context.services, filter, limit, after);
          return found.map(({ deployment, flowName }) => ({
            node: deployment,
            key: [flowName, deployment.name],
          }));
        },
        count: () => countDeployments(context.services, filter),
      });
    },
  }),
);

const cursorsOfFlow = (flow: string): CursorList<[name: string]> => ({
  name: 'deploymentsOfFlow',
  within: { flow },
  key: z.tuple([nameInKey]),
});

builder.objectField(Flow, 'deployments', t =>
  t.field({
    extensions: { ...needsRead.extensions, ...pageOfFirst.extensions },
    type: DeploymentConnection,
    description: 'The deployments of the flow by name, ascending.',
    args: pageArguments(50),
    resolve: ({ id: flowId }, page, context) =>
      resolvePage(page, context, {
        cursors: cursorsOfFlow(flowId),
        async find(key, limit) {
          const request = { flowId, limit, after: key?.[0] ?? null };
          const deployments = await context.loaders.deploymentsOfFlow.load(request);
          return deployments.map(deployment => ({ node: deployment, key: [deployment.name] }));
        },
        count: () => context.loaders.deploymentCountOfFlow.load(flowId),
      }),
  }),
);
