import { In } from 'typeorm';
import type { Extras, ExtrasOwner, OwnedExtras } from '../../domain/extras';
import type { LockMode } from '../connection/dialect';
import { insertRows } from '../connection/hotInsertRows';
import { lockRows } from '../connection/lockRows';
import type { SqlExecutor } from '../connection/statements';
import { ExtrasEntity } from '../entities/extras';

/** Inserts the extras of new owners, unless they are empty. */
export const insertExtras = (connection: SqlExecutor, owned: readonly OwnedExtras[]): Promise<void> =>
  insertRows(
    connection,
    ExtrasEntity,
    owned
      .filter(({ extras }) => Object.keys(extras).length > 0)
      .map(({ owner, extras }) => ({ ownerId: owner.id, ownerKind: owner.kind, content: extras })),
  );

/** The extras of each owner, in order; empty where it has none. */
export async function findExtras(
  connection: SqlExecutor,
  owners: readonly ExtrasOwner[],
  lock: LockMode = 'none',
): Promise<Extras[]> {
  if (owners.length === 0) return [];
  const query = connection
    .getRepository(ExtrasEntity)
    .createQueryBuilder('extras')
    .where({ ownerId: In(owners.map(({ id }) => id)) });
  const rows = await lockRows(query, lock).getMany();
  // Kinds beside ids: callers choose ids, and may choose one for two things.
  const found = new Map(rows.map(({ ownerKind, ownerId, content }) => [`${ownerKind} ${ownerId}`, content]));
  return owners.map(({ kind, id }) => found.get(`${kind} ${id}`) ?? {});
}

/** Deletes the extras of deleted owners. */
export async function deleteExtras(
  connection: SqlExecutor,
  kind: ExtrasOwner['kind'],
  ids: readonly string[],
): Promise<void> {
  await connection.getRepository(ExtrasEntity).delete({ ownerKind: kind, ownerId: In(ids) });
}

/** Changes the given extras and no others. The caller has locked the owner. */
export async function changeExtras(
  connection: SqlExecutor,
  owner: ExtrasOwner,
  changes: Extras,
): Promise<void> {
  if (Object.keys(changes).length === 0) return;
  const [stored] = await findExtras(connection, [owner], 'forUpdate');
  await deleteExtras(connection, owner.kind, [owner.id]);
  await insertExtras(connection, [{ owner, extras: { ...stored, ...changes } }]);
}
