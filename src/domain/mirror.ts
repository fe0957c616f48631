import type { Instant } from './instant';

/** What each phase of the mirror of a Prefect server means. */
export const mirrorPhases = {
  WALKING: 'Its runs are being copied for the first time, or again: what is not copied yet is not found.',
  FOLLOWING: 'It has all runs, and follows their changes.',
  BEHIND: 'It has all runs, but cannot follow now: what it shows may be old.',
} as const satisfies Record<string, string>;

/** How far the mirror of a Prefect server is. */
export type MirrorPhase = keyof typeof mirrorPhases;

/** What is known of the mirror of a Prefect server. */
export interface MirrorState {
  /** The address of the server, without credentials. */
  address: string;
  phase: MirrorPhase;
  /** The number of the walk through all runs that is under way, or was the last: runs of earlier ones may be gone. */
  walk: number;
  /** When that walk began; null: none has begun. */
  walkStarted: Instant | null;
  /** The expected start time up to which it has come; null: at its beginning, or over. */
  walkAfter: Instant | null;
  /** When a walk was last finished. */
  lastWalk: Instant | null;
  lastSweep: Instant | null;
  /** When the last event was received. */
  lastEvent: Instant | null;
  /** Seconds from a change in the server to its arrival here, as last measured. */
  lagSeconds: number | null;
  /** How many transitions the server decided otherwise than the rules here. */
  mispredicted: number;
  /** How many runs of the server cannot be read, as far as their ids are known; their copies stay as they were. */
  unreadable: number;
  /** When this was last written: what is older than some seconds was written by a process that is gone. */
  updated: Instant;
}
