import { createRandom } from '../bench/support/random';
import { openDatabase } from '../src/persistence/connection/database';
import { askAt } from '../test/harness/gateway';
import { answersAreExplained, errorsIn, processesStay, secondsUntil } from './aftermath';
import { createCalls } from './calls';
import { startInstallation } from './installation';
import { checkInvariants, countDecided, longestTakeover } from './invariants';
import { killAtRandom } from './killing';
import { startLoad } from './load';
import { createOperations } from './operations';
import { populate } from './population';
import { type Report, tally } from './report';
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
const maxSecondsToEnd = 180;

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
      maxSecondsToEnd,
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
