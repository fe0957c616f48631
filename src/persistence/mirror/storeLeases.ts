import { In } from 'typeorm';
import type { DeploymentId, LeaseId } from '../../domain/identifiers';
import type { Instant } from '../../domain/instant';
import { holdsSlot, type State } from '../../domain/state';
import { insertRows } from '../connection/hotInsertRows';
import type { SqlExecutor } from '../connection/statements';
import { LeaseEntity } from '../entities/deployment';

/** A run that came from one state into another. */
interface HolderChange {
  deploymentId: DeploymentId | null;
  state: State | null;
  previousState: State | null;
}

const never = '9999-01-01T00:00:00.000000Z' as Instant;

const leaseIn = (state: State | null): LeaseId | undefined =>
  state !== null && holdsSlot(state.type) ? state.stateDetails.deploymentConcurrencyLeaseId : undefined;

/**
 * Stores that runs hold the leases which their states name, and removes those that they left. Leases of a server cannot be
 * read: each counts as held for as long as its run is in a state that holds a slot.
 */
export async function storeLeases(
  connection: SqlExecutor,
  changes: readonly HolderChange[],
  now: Instant,
): Promise<void> {
  const leases = connection.getRepository(LeaseEntity);
  const held = new Map<LeaseId, DeploymentId>();
  for (const { deploymentId, state } of changes) {
    const lease = leaseIn(state);
    if (lease !== undefined && deploymentId !== null) held.set(lease, deploymentId);
  }
  const left = changes
    .map(({ previousState }) => leaseIn(previousState))
    .filter(lease => lease !== undefined)
    .filter(lease => !held.has(lease));
  if (left.length > 0) await leases.delete({ id: In(left) });
  if (held.size === 0) return;
  const stored = await leases.find({ select: { id: true }, where: { id: In([...held.keys()]) } });
  for (const { id } of stored) held.delete(id);
  await insertRows(
    connection,
    LeaseEntity,
    [...held].map(([id, deploymentId]) => ({
      id,
      deploymentId,
      expiration: never,
      revoked: null,
      created: now,
    })),
  );
}
