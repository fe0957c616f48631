import type { DeploymentId, LeaseId } from '../../domain/identifiers';
import { addSeconds, type Instant } from '../../domain/instant';
import type { Database } from '../connection/database';
import { placeholders } from '../connection/dialect';
import type { SqlExecutor } from '../connection/statements';
import { instantToDatabase, type RawRow, rowReader } from '../entities/columns';
import { LeaseEntity } from '../entities/deployment';
import { findDeploymentFacts, findLeaseStandings } from './facts';

/** Frees one slot of a deployment for each time that it is named, never below zero. */
export async function freeSlots(
  connection: SqlExecutor,
  deploymentIds: readonly DeploymentId[],
): Promise<void> {
  const freed = new Map<DeploymentId, number>();
  for (const id of deploymentIds) freed.set(id, (freed.get(id) ?? 0) + 1);
  if (freed.size === 0) return;
  const count = `CASE id ${[...freed].map(() => 'WHEN ? THEN ?').join(' ')} END`;
  const counts = [...freed].flat();
  await connection.query(
    `UPDATE deployment SET active_slots = CASE WHEN active_slots > ${count} THEN active_slots - ${count} ELSE 0 END ` +
      `WHERE id IN (${placeholders([...freed.keys()])})`,
    [...counts, ...counts, ...freed.keys()],
  );
}

const readExpired = rowReader({ id: LeaseEntity.columns.id, deploymentId: LeaseEntity.columns.deploymentId });

async function findExpiredLeases(connection: SqlExecutor, now: Instant, more: string, parameters: unknown[]) {
  const rows: RawRow[] = await connection.query(
    `SELECT id, deployment_id FROM concurrency_lease WHERE revoked IS NULL AND expiration < ? ${more}`,
    [instantToDatabase(now), ...parameters],
  );
  return rows.map(readExpired);
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
    const found = await findExpiredLeases(connection, now, `ORDER BY expiration LIMIT ${limit}`, []);
    if (found.length === 0) return { revoked: 0, mayBeMore: false };
    const deploymentIds = new Set(found.map(lease => lease.deploymentId));
    await findDeploymentFacts(database, connection, [...deploymentIds], 'forUpdate');
    const ids = found.map(lease => lease.id);
    const held = `AND id IN (${placeholders(ids)}) ORDER BY id${database.dialect.lockClause('forUpdate')}`;
    const expired = await findExpiredLeases(connection, now, held, ids);
    const revoked = expired.map(lease => lease.id);
    await freeSlots(
      connection,
      expired.map(lease => lease.deploymentId),
    );
    if (revoked.length > 0) {
      await connection.query(
        `UPDATE concurrency_lease SET revoked = ? WHERE id IN (${placeholders(revoked)})`,
        [instantToDatabase(now), ...revoked],
      );
    }
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
    const expiration = instantToDatabase(addSeconds(now, seconds));
    await connection.query('UPDATE concurrency_lease SET expiration = ? WHERE id = ?', [expiration, id]);
    return true;
  });
