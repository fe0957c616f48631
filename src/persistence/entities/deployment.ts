import type { CollisionStrategy } from '../../domain/flowRun';
import type { DeploymentId, FlowId, LeaseId } from '../../domain/identifiers';
import {
  entity,
  instant,
  nullableInstant,
  nullableNumber,
  number,
  primaryId,
  rowReader,
  text,
} from './columns';

export const flowColumns = {
  id: primaryId<FlowId>('id'),
  name: text('name'),
  created: instant('created'),
  updated: instant('updated'),
};
export const flowOf = rowReader(flowColumns);
export const FlowEntity = entity('Flow', 'flow', flowColumns);

export const deploymentColumns = {
  id: primaryId<DeploymentId>('id'),
  flowId: text<FlowId>('flow_id'),
  name: text('name'),
  concurrencyLimit: nullableNumber('concurrency_limit'),
  collisionStrategy: text<CollisionStrategy>('collision_strategy'),
  gracePeriodSeconds: nullableNumber('grace_period_seconds'),
  activeSlots: number('active_slots'),
  created: instant('created'),
  updated: instant('updated'),
};
export const deploymentOf = rowReader(deploymentColumns);
export const DeploymentEntity = entity('Deployment', 'deployment', deploymentColumns);

/**
 * A lease on one slot of a deployment: whoever holds it renews it before it ends. `revoked` is when its slot was freed
 * because it had ended; the row then stays, so that the run that names it frees no slot again.
 */
export const leaseColumns = {
  id: primaryId<LeaseId>('id'),
  deploymentId: text<DeploymentId>('deployment_id'),
  expiration: instant('expiration'),
  revoked: nullableInstant('revoked'),
  created: instant('created'),
};
export const LeaseEntity = entity('ConcurrencyLease', 'concurrency_lease', leaseColumns);
