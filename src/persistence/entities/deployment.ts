import type { CollisionStrategy, Deployment, Flow } from '../../domain/flowRun';
import type { DeploymentId, FlowId, LeaseId } from '../../domain/identifiers';
import {
  instant,
  integer,
  nullable,
  primary,
  type RawRow,
  rowReader,
  searchOnly,
  TableSchema,
  text,
  uuid,
  word,
} from './columns';
import { loweredBeyondAscii } from './lowered';

const nameLowered = searchOnly(nullable(text('name_lowered', 1024)));

const flowColumns = {
  id: primary(uuid<FlowId>('id')),
  name: text('name'),
  created: instant('created'),
  updated: instant('updated'),
};
export const FlowEntity = new TableSchema('Flow', 'flow', { ...flowColumns, nameLowered });

/** The flow that a row holds. */
export const flowOf: (row: RawRow) => Flow = rowReader(flowColumns);

const deploymentColumns = {
  id: primary(uuid<DeploymentId>('id')),
  flowId: uuid<FlowId>('flow_id'),
  name: text('name'),
  concurrencyLimit: nullable(integer('concurrency_limit')),
  collisionStrategy: word<CollisionStrategy>('collision_strategy'),
  gracePeriodSeconds: nullable(integer('grace_period_seconds')),
  activeSlots: integer('active_slots'),
  created: instant('created'),
  updated: instant('updated'),
};
export const DeploymentEntity = new TableSchema('Deployment', 'deployment', {
  ...deploymentColumns,
  nameLowered,
});

/** The deployment that a row holds. */
export const deploymentOf: (row: RawRow) => Deployment = rowReader(deploymentColumns);

/** The row that holds a flow or a deployment. */
export const namedRowOf = <Named extends { name: string }>(named: Named) => ({
  ...named,
  nameLowered: loweredBeyondAscii(named.name),
});

/**
 * A lease on one slot of a deployment: the holder renews it before it expires. `revoked` is when its slot was freed
 * because it had ended; the row then stays, so that the run that names it frees no slot again.
 */
export const LeaseEntity = new TableSchema('ConcurrencyLease', 'concurrency_lease', {
  id: primary(uuid<LeaseId>('id')),
  deploymentId: uuid<DeploymentId>('deployment_id'),
  expiration: instant('expiration'),
  revoked: nullable(instant('revoked')),
  created: instant('created'),
});
