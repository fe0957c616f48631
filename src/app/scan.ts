import { setImmediate } from 'node:timers/promises';
import { unavailable } from '../domain/errors';
import type { Services } from './services';

/** A read stands in line for at most as long as a request takes by default. */
const maxQueueMilliseconds = 30_000;

/**
 * Runs a read that may look at every run. Few of them run at a time, so that however many are sent, connections are left
 * for what is quick and for what writes; on the embedded database, whose reads hold up the process, other requests have
 * their turn between two of them.
 *
 * @throws SwitchyardError UNAVAILABLE where others of its kind take too long.
 */
export async function scan<Result>(
  { database }: Services,
  kind: 'counts' | 'pages',
  read: () => Promise<Result>,
): Promise<Result> {
  const leave = await database.scans[kind].enter(maxQueueMilliseconds);
  if (leave === null) throw unavailable('Too many long reads are under way. Try again later.');
  try {
    return await read();
  } finally {
    if (database.kind === 'embedded') await setImmediate();
    leave();
  }
}
