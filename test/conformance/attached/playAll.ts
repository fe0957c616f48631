import type { Outcome } from '../play';
import type { TransitionCase } from '../transitions';
import { type AttachedWorld, playAttached } from './playAttached';
import { reasonNotToPlay } from './reasonNotToPlay';

/** What came of one case: why it was not played, or where it differs. */
export interface AttachedOutcome extends Outcome {
  /** Null: it was played. */
  reason: string | null;
}

async function outcomeOf(world: AttachedWorld, recorded: TransitionCase): Promise<AttachedOutcome> {
  const { id } = recorded;
  const reason = reasonNotToPlay(recorded);
  if (reason !== null) return { id, reason, differences: [] };
  try {
    return { id, reason, differences: await playAttached(world, recorded) };
  } catch (error) {
    return { id, reason, differences: [error instanceof Error ? error.message : String(error)] };
  }
}

/** Plays the cases that can be set up in a Prefect server, and says of the others why they cannot. */
export async function playAll(
  world: AttachedWorld,
  cases: readonly TransitionCase[],
  report: (outcome: AttachedOutcome) => void,
): Promise<void> {
  // One at a time: a server on SQLite stands still for a minute where many calls write other things than states.
  for (const recorded of cases) report(await outcomeOf(world, recorded));
}
