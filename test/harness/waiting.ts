import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../src/persistence/connection/database';

/** Whether somebody waits for a row that somebody else holds, on a server. */
export async function isAnybodyWaiting({ primary }: Database): Promise<boolean> {
  // What this table shows is not renewed for as long as it is asked more often than ten times a second.
  await sleep(150);
  const rows: unknown[] = await primary.query(
    "SELECT 1 FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'",
  );
  return rows.length > 0;
}
