import type { EntityManager } from 'typeorm';
import type { DeploymentFilter } from '../../domain/deploymentFilter';
import type { Deployment } from '../../domain/flowRun';
import type { FlowId } from '../../domain/identifiers';
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

/** A page of the deployments of a flow by name, from just behind a name on. */
export interface DeploymentsOfFlowRequest {
  flowId: FlowId;
  limit: number;
  after: string | null;
}

/** The pages that are requested, in order, all in one statement: of 200 flows at most. */
export async function findDeploymentsOfFlows(
  manager: EntityManager,
  requests: readonly DeploymentsOfFlowRequest[],
): Promise<Deployment[][]> {
  const selects: string[] = [];
  const parameters: unknown[] = [];
  for (const [page, { flowId, limit, after }] of requests.entries()) {
    const query = matching(manager, null)
      .select('deployment.*')
      .where('deployment.flow_id = :flowId', { flowId })
      .orderBy('deployment.name')
      .limit(limit);
    if (after !== null) query.andWhere('deployment.name > :after', { after });
    const [sql, values]: [string, unknown[]] = query.getQueryAndParameters();
    selects.push(
      `SELECT ${page} AS page, ROW_NUMBER() OVER (ORDER BY page_${page}.name) AS place_in_page, page_${page}.* ` +
        `FROM (${sql}) page_${page}`,
    );
    parameters.push(...values);
  }
  const rows: RawRow[] = await manager.query(selects.join(' UNION ALL '), parameters);
  // A union has no order of its own.
  rows.sort((one, other) => Number(one.place_in_page) - Number(other.place_in_page));
  const pages = requests.map((): Deployment[] => []);
  for (const row of rows) pages[Number(row.page)]?.push(deploymentOf(row));
  return pages;
}

/** How many deployments each of these flows has. */
export async function countDeploymentsOfFlows(
  manager: EntityManager,
  ids: readonly FlowId[],
): Promise<Map<FlowId, number>> {
  const rows = await matching(manager, null)
    .select('deployment.flow_id', 'id')
    .addSelect('COUNT(*)', 'count')
    .where('deployment.flow_id IN (:...ids)', { ids })
    .groupBy('deployment.flow_id')
    .getRawMany<{ id: FlowId; count: Raw }>();
  return new Map(rows.map(({ id, count }) => [id, Number(count)]));
}
