import { In, IsNull, LessThan } from 'typeorm';
import type { DeploymentId, LeaseId } from '../../domain/identifiers';
import { addSeconds, type Instant } from '../../domain/instant';
import { caseById } from '../connection/caseById';
import type { Database } from '../connection/database';
import { lockRows } from '../connection/lockRows';
import type { SqlExecutor } from '../connection/statements';
import { DeploymentEntity, LeaseEntity } from '../entities/deployment';
import { findDeploymentFacts, findLeaseStandings } from './facts';

/** Frees one slot of a deployment for each time that it is named, never below zero. */
export async function freeSlots(
  connection: SqlExecutor,
  deploymentIds: readonly DeploymentId[],
): Promise<void> {
  const freed = new Map<DeploymentId, number>();
  for (const id of deploymentIds) freed.set(id, (freed.get(id) ?? 0) + 1);
  if (freed.size === 0) return;
  const { sql: count, parameters } = caseById(freed);
  await connection
    .getRepository(DeploymentEntity)
    .createQueryBuilder()
    .update()
    .set({
      activeSlots: () => `CASE WHEN active_slots > ${count} THEN active_slots - ${count} ELSE 0 END`,
    })
    .where({ id: In([...freed.keys()]) })
    .setParameters(parameters)
    .execute();
}

/**
 * Frees the slots of a number of expired leases, oldest first, and marks each lease, so that its slot is freed once.
 * Skips a lease that is renewed in the meantime.
 */
export const revokeExpiredLeases = (
  database: Database,
  now: Instant,
  limit: number,
): Promise<{ revoked: number; mayBeMore: boolean }> =>
  database.transaction(async connection => {
    const leases = connection.getRepository(LeaseEntity);
    const findExpired = () =>
      leases
        .createQueryBuilder('lease')
        .select(['lease.id', 'lease.deploymentId'])
        .where({ revoked: IsNull(), expiration: LessThan(now) });
    const found = await findExpired().orderBy('lease.expiration').limit(limit).getMany();
    if (found.length === 0) return { revoked: 0, mayBeMore: false };
    const deploymentIds = new Set(found.map(lease => lease.deploymentId));
    await findDeploymentFacts(database, connection, [...deploymentIds], 'forUpdate');
    const stillExpired = findExpired()
      .andWhere({ id: In(found.map(lease => lease.id)) })
      .orderBy('lease.id');
    const expired = await lockRows(stillExpired, 'forUpdate').getMany();
    const revoked = expired.map(lease => lease.id);
    await freeSlots(
      connection,
      expired.map(lease => lease.deploymentId),
    );
    if (revoked.length > 0) await leases.update({ id: In(revoked) }, { revoked: now });
    return { revoked: revoked.length, mayBeMore: found.length === limit };
  });

/** Extends a lease; returns false if it is gone, or if it expired and its slot was freed. */
export const renewLease = (
  database: Database,
  id: LeaseId,
  seconds: number,
  now: Instant,
): Promise<boolean> =>
  database.transaction(async connection => {
    const found = await findLeaseStandings(database, connection, [id], 'forUpdate');
    if (found.get(id) !== 'holding') return false;
    await connection.getRepository(LeaseEntity).update({ id }, { expiration: addSeconds(now, seconds) });
    return true;
  });
