import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../src/persistence/connection/database';

/** Below the time limit of a test, so that the wait fails first and names its condition. */
const maxWaitSeconds = 25;
const firstPollMilliseconds = 5;
/** What is asked less and less often leaves the processor to what is waited for: at first up to this, in long waits up to the other. */
const maxPollMilliseconds = { short: 25, long: 100 };
/** By which part of what has passed a wait may last longer, because its condition is asked for so seldom. */
const maxDelay = 1 / 16;

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
  const { short, long } = maxPollMilliseconds;
  const start = performance.now();
  let poll = firstPollMilliseconds;
  while (!(await condition())) {
    const elapsed = performance.now() - start;
    if (elapsed > maxWaitSeconds * 1000) {
      failure.message += ` ${JSON.stringify(lastSeen())}`;
      throw failure;
    }
    await sleep(poll);
    poll = Math.min(poll * 1.3, Math.max(short, elapsed * maxDelay), long);
  }
}

/** Whether a transaction on this database waits for a row that another one holds, on a server. */
export async function isAnybodyWaiting({ primary }: Database): Promise<boolean> {
  const mine: { id: number | string }[] = await primary.query(
    'SELECT id FROM information_schema.processlist WHERE db = DATABASE()',
  );
  const ids = new Set(mine.map(({ id }) => Number(id)));
  // Not by the table of transactions: it shows what was so before for as long as anybody on the server asks it often.
  const [report]: { Status: string }[] = await primary.query('SHOW ENGINE INNODB STATUS');
  return (report?.Status ?? '')
    .split('---TRANSACTION')
    .filter(transaction => transaction.includes('LOCK WAIT'))
    .some(transaction => ids.has(Number(/thread id (\d+)/.exec(transaction)?.[1])));
}
