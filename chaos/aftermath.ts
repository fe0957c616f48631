import { setTimeout as sleep } from 'node:timers/promises';
import type { Calls } from './calls';
import type { Members } from './members';
import { type Invariant, tally } from './report';

/** What the processes logged as errors, by message. */
export function errorsIn(outputs: readonly string[]): Map<string, number> {
  const lines = outputs
    .flatMap(output => output.split('\n'))
    .filter(line => line.includes('"level":"error"'));
  return tally(
    lines.map(line => {
      const { msg, err } = JSON.parse(line) as { msg: string; err?: { message?: string } };
      return `${msg} (${err?.message?.slice(0, 120) ?? ''})`;
    }),
  );
}

/** Whether processes ended though nothing killed them. */
export const processesStay = (installation: Pick<Members, 'victims' | 'ownEnds'>): Invariant => ({
  name: 'no process ended by itself',
  checked: installation.victims.length,
  broken: installation.ownEnds(),
});

/** Whether each call had a result or an error that names an outage. */
export const answersAreExplained = (calls: Calls): Invariant => ({
  name: 'calls were answered, or an outage was said to be one',
  checked: calls.answered() + calls.unexpected.length,
  broken: calls.unexpected,
});

/** Waits until everything has ended, up to a limit, and returns how many seconds that took. */
export async function secondsUntil(everythingEnded: Promise<unknown>, maxSeconds: number): Promise<number> {
  const start = performance.now();
  const timer = new AbortController();
  await Promise.race([
    everythingEnded,
    sleep(maxSeconds * 1000, undefined, { signal: timer.signal }).catch(() => undefined),
  ]);
  timer.abort();
  return (performance.now() - start) / 1000;
}
