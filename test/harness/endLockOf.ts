import type { Database } from '../../src/persistence/connection/database';

/** Ends the connection that holds the named lock of exclusive work on a server, as a failover or an administrator does. */
export async function endLockOf({ writer }: Database, name: string): Promise<void> {
  const [row] = (await writer.query(
    "SELECT IS_USED_LOCK(LEFT(CONCAT('switchyard ', ?, ' ', DATABASE()), 64)) AS holder",
    [name],
  )) as { holder: number | string | null }[];
  if (!row?.holder) throw new Error(`nobody holds the lock ${name}`);
  await writer.query(`KILL ${Number(row.holder)}`);
}
