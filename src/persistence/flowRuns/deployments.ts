import type { EntityManager } from 'typeorm';
import type { DeploymentFilter } from '../../domain/deploymentFilter';
import type { Deployment } from '../../domain/flowRun';
import type { Raw, RawRow } from '../entities/columns';
import { DeploymentEntity, deploymentOf } from '../entities/deployment';
import { applyConditions } from '../filter/applyConditions';
import { deploymentConditions } from '../filter/deploymentConditions';

/** A deployment, and the name of its flow. */
export interface NamedDeployment {
  deployment: Deployment;
  flowName: string;
}

/** A place in the list of deployments: just behind the one with these names. */
export interface DeploymentPlace {
  flowName: string;
  name: string;
}

const matching = (manager: EntityManager, filter: DeploymentFilter | null) =>
  applyConditions(
    manager.createQueryBuilder().from(DeploymentEntity, 'deployment'),
    deploymentConditions(filter ?? {}),
  );

/** Finds deployments by the name of their flow and their own, ascending, from just behind a place on. */
export async function findDeploymentsByName(
  manager: EntityManager,
  filter: DeploymentFilter | null,
  limit: number,
  after: DeploymentPlace | null,
): Promise<NamedDeployment[]> {
  const query = matching(manager, filter)
    .innerJoin('flow', 'owner', 'owner.id = deployment.flowId')
    .select('deployment.*')
    .addSelect('owner.name', 'flow_name')
    .orderBy('owner.name')
    .addOrderBy('deployment.name')
    .limit(limit);
  if (after !== null)
    // The first condition is implied by the others: an index can start there.
    query.andWhere('owner.name >= :flowName AND (owner.name > :flowName OR deployment.name > :name)', {
      ...after,
    });
  const rows = await query.getRawMany<RawRow>();
  return rows.map(row => ({ deployment: deploymentOf(row), flowName: String(row.flow_name) }));
}

/** How many deployments match. */
export async function countDeployments(
  manager: EntityManager,
  filter: DeploymentFilter | null,
): Promise<number> {
  const row = await matching(manager, filter).select('COUNT(*)', 'count').getRawOne<{ count: Raw }>();
  return Number(row?.count ?? 0);
}
