import type { Instant } from '../../domain/instant';

/** What the parts of the mirror know and want of each other. */
export interface MirrorProgress {
  /** When the stream was last known to be followed; null: never. */
  lastAlive: Instant | null;
  lastEvent: Instant | null;
  sweepWanted: boolean;
  walkWanted: boolean;
}
