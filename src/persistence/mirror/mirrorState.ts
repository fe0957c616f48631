import type { Instant } from '../../domain/instant';
import type { MirrorState } from '../../domain/mirror';
import type { SqlExecutor } from '../connection/statements';
import { FlowEntity } from '../entities/deployment';
import { FlowRunEntity } from '../entities/flowRun';
import { MirrorEntity } from '../entities/mirror';

const id = 1;

/** What is known of the mirror; null in a database that has none. */
export async function findMirror(connection: SqlExecutor): Promise<MirrorState | null> {
  const row = await connection.getRepository(MirrorEntity).findOneBy({ id });
  if (row === null) return null;
  const { id: _, ...state } = row;
  return state;
}

/** Makes a database the mirror of the server at an address. Nothing is copied yet. */
export async function insertMirror(connection: SqlExecutor, address: string, now: Instant): Promise<void> {
  await connection.getRepository(MirrorEntity).insert({
    id,
    address,
    phase: 'WALKING',
    walk: 0,
    walkStarted: null,
    walkAfter: null,
    lastWalk: null,
    lastSweep: null,
    lastEvent: null,
    lagSeconds: null,
    mispredicted: 0,
    unreadable: 0,
    updated: now,
  });
}

/** Changes what is known of the mirror. */
export async function updateMirror(
  connection: SqlExecutor,
  changes: Partial<Omit<MirrorState, 'address' | 'mispredicted'>>,
): Promise<void> {
  await connection.getRepository(MirrorEntity).update({ id }, changes);
}

/** Counts transitions that the server decided otherwise than the rules here. */
export async function countMispredicted(connection: SqlExecutor, count: number): Promise<void> {
  await connection.getRepository(MirrorEntity).increment({ id }, 'mispredicted', count);
}

/** Whether a database has runs or flows that were not copied from a server. */
export async function hasOwnRows(connection: SqlExecutor): Promise<boolean> {
  const isMirror = (await findMirror(connection)) !== null;
  if (!isMirror) return (await connection.getRepository(FlowEntity).find({ take: 1 })).length > 0;
  const own = await connection
    .getRepository(FlowRunEntity)
    .createQueryBuilder('run')
    .leftJoin('mirrored_flow_run', 'mark', 'mark.flow_run_id = run.id')
    .select('run.id', 'id')
    .where('mark.flow_run_id IS NULL')
    .limit(1)
    .getRawMany();
  return own.length > 0;
}
