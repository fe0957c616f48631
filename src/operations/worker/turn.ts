import type { Instant } from '../../domain/instant';

/** What a turn has done. */
export interface Turn {
  /** How much was done; 0: nothing. */
  done: number;
  /** Until when there is nothing more to do; null: that is not known. */
  until: Instant | null;
}
