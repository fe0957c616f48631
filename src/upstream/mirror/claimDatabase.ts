import { ConfigurationError } from '../../config/config';
import { retryOnDuplicateKey } from '../../persistence/connection/retryOnDuplicateKey';
import { findMirror, hasOwnRows, insertMirror } from '../../persistence/mirror/mirrorState';
import type { MirrorServices } from './copyFlowRuns';

/**
 * Checks that the database is the mirror of the server at an address, or can become that.
 *
 * @returns whether it is already.
 * @throws ConfigurationError where it is the mirror of another server, or has flows or runs that no server has.
 */
export async function checkDatabase(
  { database }: Pick<MirrorServices, 'database'>,
  address: string,
): Promise<boolean> {
  const mirror = await findMirror(database.primary);
  if (mirror !== null && mirror.address !== address)
    throw new ConfigurationError([
      `PREFECT_API_URL is ${address}, but the database is the mirror of ${mirror.address}. Use a database of its own for each server: set DATABASE_URL`,
    ]);
  if (await hasOwnRows(database.primary))
    throw new ConfigurationError([
      'PREFECT_API_URL is set, but the database has flows or runs of its own, which the Prefect server does not know. Set DATABASE_URL to an empty database',
    ]);
  return mirror !== null;
}

/**
 * Makes the database the mirror of the server at an address, unless it is already.
 *
 * @throws ConfigurationError as `checkDatabase` does.
 */
export async function claimDatabase(
  services: Pick<MirrorServices, 'database' | 'clock'>,
  address: string,
): Promise<void> {
  if (await checkDatabase(services, address)) return;
  const { database, clock } = services;
  await retryOnDuplicateKey(database, async () => {
    if ((await findMirror(database.writer)) === null) await insertMirror(database.writer, address, clock());
  });
}
