import { z } from 'zod';
import {
  type DeploymentFilter as DomainDeploymentFilter,
  deploymentFilter,
} from '../../domain/deploymentFilter';
import { countDeployments, findDeployments } from '../../flowRuns/findDeployments';
import { builder } from './builder';
import { connectionType, pageArguments, resolvePage } from './connection';
import { type CursorList, digestOf, nameInKey } from './cursors';
import { Deployment } from './deployment';
import { listOfAll } from './fieldCosts';
import { inputType } from './fieldGroup';

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
