import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../src/persistence/connection/database';

/** Below the time limit of a test, so that the wait fails first and names its condition. */
const maxWaitSeconds = 25;
const firstPollMilliseconds = 5;
/** What is asked less and less often leaves the processor to what is waited for. */
const maxPollMilliseconds = 25;

/**
 * Waits until a condition holds.
 *
 * @param lastSeen what the error shows beside the condition's own text.
 *
 * @throws Error that quotes the condition, where it does not hold within 25 s.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  lastSeen: () => unknown = () => '',
): Promise<void> {
  const failure = new Error(`did not hold within ${maxWaitSeconds} s: ${condition.toString()}`);
  const deadline = performance.now() + maxWaitSeconds * 1000;
  for (
    let poll = firstPollMilliseconds;
    !(await condition());
    poll = Math.min(poll * 1.3, maxPollMilliseconds)
  ) {
    if (performance.now() > deadline) {
      failure.message += ` ${JSON.stringify(lastSeen())}`;
      throw failure;
    }
    await sleep(poll);
  }
}

/** Whether somebody waits for a row that somebody else holds, on a server. */
export async function isAnybodyWaiting({ primary }: Database): Promise<boolean> {
  // What this table shows is not renewed for as long as it is asked more often than ten times a second.
  await sleep(150);
  const rows: unknown[] = await primary.query(
    "SELECT 1 FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'",
  );
  return rows.length > 0;
}
