import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../bench/support/random';
import type { Installation, Victim, VictimKind } from './installation';

/** A kill that happened. */
export interface Kill {
  name: string;
  kind: VictimKind;
  /** Seconds from the first moment of the chaos. */
  at: number;
}

/** How long to wait before a kill at least, and how much longer at most, in milliseconds. */
const shortestPause = 200;
const pauseSpread = 3000;
/** How long a victim stays away at most, in milliseconds. */
const longestAbsence = 1500;
/** What four kills in a row hit, in some order. */
const hand: readonly VictimKind[] = ['worker', 'worker', 'gateway', 'mysql'];

/** Kills so many times, at random moments; answers when all that was killed was started again. */
export async function killAtRandom(
  { victims }: Installation,
  random: Random,
  kills: number,
  say: (line: string) => void,
): Promise<Kill[]> {
  const start = performance.now();
  const away = new Set<Victim>();
  const returning: Promise<void>[] = [];
  const done: Kill[] = [];

  async function bringBack(victim: Victim, milliseconds: number): Promise<void> {
    await sleep(milliseconds);
    await victim.restart();
    away.delete(victim);
  }

  let next: VictimKind[] = [];
  while (done.length < kills) {
    // Now and then two go at once.
    if (!random.chance(0.1)) await sleep(shortestPause + random.below(pauseSpread));
    if (next.length === 0) next = random.shuffled(hand);
    const kind = next.pop() ?? 'worker';
    const [first, ...others] = victims.filter(victim => victim.kind === kind && !away.has(victim));
    if (first === undefined) {
      // All of them are away: its turn comes later.
      next.unshift(kind);
      await sleep(shortestPause);
      continue;
    }
    const victim = random.pick([first, ...others]);
    const at = (performance.now() - start) / 1000;
    away.add(victim);
    await victim.kill();
    done.push({ name: victim.name, kind, at });
    say(`${at.toFixed(1).padStart(6)} s  kill ${done.length}: ${victim.name}`);
    returning.push(bringBack(victim, random.below(longestAbsence)));
  }
  await Promise.all(returning);
  return done;
}
