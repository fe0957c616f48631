import type { TransitionCase } from '../transitions';
import { openAttachedWorld } from './openAttachedWorld';
import { playAll } from './playAll';

const maxShown = 5;

/**
 * Plays cases against a gateway that is attached to a Prefect server of its own, prints where they differ, and counts the others
 * by the reasons for which they are not played.
 *
 * @returns whether all that were played came out as recorded.
 */
export async function runAttached(
  cases: readonly TransitionCase[],
  databaseUrl: string,
  print: (line: string) => void,
): Promise<boolean> {
  const reasons = new Map<string, number>();
  let passed = 0;
  let failed = 0;
  const world = await openAttachedWorld(databaseUrl);
  try {
    await playAll(world, cases, ({ id, reason, differences }) => {
      if (reason !== null) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      else if (differences.length === 0) passed++;
      else {
        failed++;
        print([id, ...differences.slice(0, maxShown)].join('\n  '));
      }
    });
  } finally {
    await world.close();
  }
  for (const [reason, count] of reasons) print(`${count} not played: ${reason}`);
  print(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0;
}
