import { In } from 'typeorm';
import type { Extras } from '../../domain/extras';
import type { FlowRunId } from '../../domain/identifiers';
import { printJson } from '../../domain/jsonText';
import type { SqlExecutor } from '../connection/statements';
import { ExtrasEntity } from '../entities/extras';
import { deleteExtras, insertExtras } from '../flowRuns/extras';

/** Stores the extras of runs where they differ from what is stored. */
export async function storeExtras(
  connection: SqlExecutor,
  copies: readonly { id: FlowRunId; extras: Extras }[],
): Promise<void> {
  if (copies.length === 0) return;
  // The text as it is stored: most extras are unchanged, and need not be parsed.
  const rows = await connection
    .getRepository(ExtrasEntity)
    .createQueryBuilder('extras')
    .select('extras.ownerId', 'id')
    .addSelect('extras.content', 'content')
    .where({ ownerId: In(copies.map(({ id }) => id)), ownerKind: 'flowRun' })
    .getRawMany<{ id: string; content: string }>();
  const stored = new Map(rows.map(({ id, content }) => [id, content]));
  const changed = copies.filter(({ id, extras }) => (stored.get(id) ?? '{}') !== printJson(extras));
  const outdated = changed.map(({ id }) => id).filter(id => stored.has(id));
  if (outdated.length > 0) await deleteExtras(connection, 'flowRun', outdated);
  await insertExtras(
    connection,
    changed.map(({ id, extras }) => ({ owner: { kind: 'flowRun', id }, extras })),
  );
}
