import { In } from 'typeorm';
import type { DeploymentId } from '../../domain/identifiers';
import type { SqlExecutor } from '../connection/statements';
import { MirroredDeploymentEntity } from '../entities/mirror';

/** Those of these deployments whose concurrency limit is switched off in the server. */
export async function findInactiveLimits(
  connection: SqlExecutor,
  ids: readonly DeploymentId[],
): Promise<Set<DeploymentId>> {
  if (ids.length === 0) return new Set();
  const found = await connection
    .getRepository(MirroredDeploymentEntity)
    .findBy({ deploymentId: In(ids), isLimitActive: false });
  return new Set(found.map(({ deploymentId }) => deploymentId));
}
