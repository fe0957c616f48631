import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../bench/support/random';
import { openDatabase } from '../src/persistence/connection/database';
import { askAt } from '../test/harness/gateway';
import { type Calls, createCalls } from './calls';
import { type Installation, startInstallation } from './installation';
import { checkInvariants, countDecided, longestTakeover } from './invariants';
import { killAtRandom } from './killing';
import { startLoad } from './load';
import { createOperations } from './operations';
import { populate } from './population';
import { type Invariant, type Report, tally } from './report';
import { type Watch, watchOperation } from './watching';

/** What kind of chaos. */
export interface ChaosSettings {
  /** How often something is killed. */
  kills: number;
  /** How many runs there are. */
  runs: number;
  /** The same seed draws the same numbers; what they meet depends on the machine. */
  seed: number;
  say(line: string): void;
}

const scenariosAtOnce = 3;
/** Seconds after the last kill in which everything must end. */
const mostSecondsToEnd = 180;

/** What the processes logged as errors, by message. */
function errorsIn(outputs: readonly string[]): Map<string, number> {
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

const processesStay = (installation: Installation): Invariant => ({
  name: 'no process ended by itself',
  checked: installation.victims.length,
  broken: installation.ownEnds(),
});

const answersAreExplained = (calls: Calls): Invariant => ({
  name: 'calls were answered, or an outage was said to be one',
  checked: calls.answered() + calls.unexpected.length,
  broken: calls.unexpected,
});

/** Waits until everything has ended, up to a limit, and returns how many seconds that took. */
async function secondsUntil(everythingEnded: Promise<unknown>): Promise<number> {
  const start = performance.now();
  const timer = new AbortController();
  await Promise.race([
    everythingEnded,
    sleep(mostSecondsToEnd * 1000, undefined, { signal: timer.signal }).catch(() => undefined),
  ]);
  timer.abort();
  return (performance.now() - start) / 1000;
}

/** Starts an installation, kills parts of it at random during operations, and looks at what is left. */
export async function runChaos({ kills, runs, seed, say }: ChaosSettings): Promise<Report> {
  say(`seed ${seed}: ${kills} kills during operations over ${runs} runs`);
  const givingUp = new AbortController();
  const installation = await startInstallation(createRandom(seed));
  try {
    await installation.ready();
    const calls = createCalls(installation, givingUp.signal);
    await populate(askAt(installation.gatewayUrl(0) ?? ''), runs);
    const watches: Watch[] = [];
    const operations = createOperations(calls, createRandom(seed + 1), id => {
      watches.push(watchOperation(installation, id, watches.length, givingUp.signal));
    });
    const load = startLoad(operations, createRandom(seed + 2), scenariosAtOnce);
    const killed = await killAtRandom(installation, createRandom(seed + 3), kills, say);
    const secondsToEnd = await secondsUntil(
      load.stop().then(() => Promise.all(watches.map(watch => watch.over))),
    );
    const database = await openDatabase({ url: installation.databaseUrl });
    try {
      return {
        kills: killed,
        operations: tally(load.begun),
        decided: await countDecided(database),
        reconnections: watches.reduce((sum, watch) => sum + watch.reconnections, 0),
        repeatedCalls: calls.repeated(),
        secondsToEnd,
        longestTakeover: await longestTakeover(database),
        errors: errorsIn(installation.outputs()),
        invariants: [
          ...(await checkInvariants(database, watches)),
          processesStay(installation),
          answersAreExplained(calls),
        ],
      };
    } finally {
      await database.close();
    }
  } finally {
    givingUp.abort();
    await installation.close();
  }
}
