import type { DataSource, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { FlowRunFilter } from '../../domain/flowRunFilter';
import { type SqlExecutor, selectRows } from '../connection/statements';
import { DeploymentEntity, FlowEntity } from '../entities/deployment';
import { applyConditions } from './applyConditions';
import { type FlowRunCondition, filtersIn } from './applyFlowRunFilter';
import { deploymentConditions } from './deploymentConditions';
import { flowConditions } from './flowConditions';
import type { Condition } from './operators';

/** More owners are left to the database: their runs are many, and so soon found. */
const maxOwners = 100;

/** The ids of the rows that meet conditions; null where they are many. */
async function idsOf(
  connection: SqlExecutor,
  query: SelectQueryBuilder<ObjectLiteral>,
  conditions: Condition | null,
): Promise<string[] | null> {
  const rows = await selectRows(connection, applyConditions(query, conditions).limit(maxOwners + 1));
  return rows.length > maxOwners ? null : rows.map(({ id }) => String(id));
}

async function ofOne(
  dataSource: DataSource,
  connection: SqlExecutor,
  filter: FlowRunFilter,
): Promise<FlowRunFilter[]> {
  if (filter.operator === 'OR') return [filter];
  const { flow, deployment, ...others } = filter;
  const query = () => dataSource.createQueryBuilder();
  const ofFlow = flow ? flowConditions(flow) : null;
  const ofDeployment = deployment ? deploymentConditions(deployment) : null;
  const flowIds =
    ofFlow && (await idsOf(connection, query().select('flow.id', 'id').from(FlowEntity, 'flow'), ofFlow));
  const deployments = query().select('deployment.id', 'id').from(DeploymentEntity, 'deployment');
  const deploymentIds = ofDeployment && (await idsOf(connection, deployments, ofDeployment));
  return [
    others,
    flowIds === null ? { flow } : { flow: { id: { any: flowIds } } },
    deploymentIds === null ? { deployment } : { deploymentId: { any: deploymentIds } },
  ];
}

/**
 * The same condition with the ids of the flows and deployments that it asks for, where these are few. Databases plan a page
 * before they know which flows match: they would walk all runs for one that few have, or none. One statement for each of the
 * two groups that a filter has.
 */
export async function withOwnerIds(
  dataSource: DataSource,
  connection: SqlExecutor,
  condition: FlowRunCondition,
): Promise<FlowRunCondition> {
  const filters = filtersIn(condition);
  if (!filters.some(({ flow, deployment }) => flow || deployment)) return condition;
  const resolved: FlowRunFilter[] = [];
  for (const filter of filters) resolved.push(...(await ofOne(dataSource, connection, filter)));
  return resolved;
}
