import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../bench/support/random';
import type { Installation } from './installation';
import type { Victim, VictimKind } from './victim';

/** A kill that happened. */
export interface Kill {
  name: string;
  kind: VictimKind;
  /** Seconds from the first moment of the chaos. */
  at: number;
}

/** How long to wait before a kill at least, and how much longer at most, in milliseconds. */
const shortestPause = 200;
const defaultPauseSpread = 3000;
/** How long a victim stays away at most, in milliseconds. */
const longestAbsence = 1500;

/** Kills processes a number of times at random moments; resolves once all are restarted. */
export async function killAtRandom(
  { victims, emptyRedis }: Pick<Installation, 'victims' | 'emptyRedis'>,
  random: Random,
  kills: number,
  say: (line: string) => void,
  pauseSpread = defaultPauseSpread,
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

  // What is hit by a few kills in a row, in some order: each once, and a worker twice.
  const hand: VictimKind[] = [...new Set(victims.map(({ kind }) => kind)), 'worker'];
  const seconds = () => (performance.now() - start) / 1000;
  const tell = (what: string) => say(`${seconds().toFixed(1).padStart(6)} s  ${what}`);
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
    away.add(victim);
    tell(`kill ${done.length + 1}: ${victim.name}`);
    done.push({ name: victim.name, kind, at: seconds() });
    await victim.kill();
    const isRedisThere = ![...away].some(({ kind }) => kind === 'redis');
    if (emptyRedis !== null && isRedisThere && random.chance(0.1)) {
      await emptyRedis();
      tell('redis is emptied');
    }
    returning.push(bringBack(victim, random.below(longestAbsence)));
  }
  await Promise.all(returning);
  return done;
}
