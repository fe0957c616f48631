import { type Instant, secondsBetween } from '../../domain/instant';

// Which of two copies of a run is newer. Readers may store in another order than they read.

/** By how much the clocks of two machines may differ. */
export const clockMarginSeconds = 60;

/** Of two calls that the server works on at once, it may read for the second one first: so long may it work on one. */
const overlapSeconds = 60;

/** When a server was asked, and the time now; both by the clock of this machine. */
export interface ReadTime {
  readAt: Instant;
  now: Instant;
}

/**
 * Whether what was asked for then is newer than what is stored, which was asked for at `mark`; undefined: nothing is. A mark in the
 * future was made before a clock was set back, and counts as old.
 */
export const isNewerThan = (mark: Instant | undefined, { readAt, now }: ReadTime): boolean =>
  mark === undefined || mark <= readAt || secondsBetween(now, mark) > clockMarginSeconds;

/**
 * Whether what is stored, which was asked for at `mark` and changed last at `storedUpdated` by the clock of the server, is newer than a
 * copy that was asked for later, while the other call was under way.
 */
export const isOvertakenBy = (
  storedUpdated: Instant,
  mark: Instant,
  copy: { updated: Instant; readAt: Instant },
): boolean => secondsBetween(mark, copy.readAt) < overlapSeconds && copy.updated < storedUpdated;
