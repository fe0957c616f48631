import type { DeploymentFilter } from '../domain/deploymentFilter';
import * as deployments from '../persistence/flowRuns/deployments';
import type { Services } from '../transitions/services';

/** Deployments that match, by the name of their flow and their own, from just behind a place on. */
export const findDeployments = (
  { database }: Services,
  filter: DeploymentFilter | null,
  limit: number,
  after: deployments.DeploymentPlace | null,
): Promise<deployments.NamedDeployment[]> =>
  database.scan('pages', database.reader, manager =>
    deployments.findDeploymentsByName(manager, filter, limit, after),
  );

/** How many deployments match. */
export const countDeployments = ({ database }: Services, filter: DeploymentFilter | null): Promise<number> =>
  database.scan('counts', database.reader, manager => deployments.countDeployments(manager, filter), {
    sharedAs: `deployments ${JSON.stringify(filter)}`,
  });
