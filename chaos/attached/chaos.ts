import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../bench/support/random';
import { openDatabase } from '../../src/persistence/connection/database';
import { createUpstreamClient } from '../../src/upstream/client/createUpstreamClient';
import { mirrorOf } from '../../test/harness/attachedGateway';
import { mirrorDifferences } from '../../test/harness/mirrorDifferences';
import { answersAreExplained, errorsIn, processesStay, secondsUntil } from '../aftermath';
import { type Calls, createCalls } from '../calls';
import type { ChaosSettings } from '../chaos';
import { checkLedger, countDecided, longestTakeover } from '../invariants';
import { killAtRandom } from '../killing';
import { createOperations, type Operations } from '../operations';
import type { Report } from '../report';
import { type Watch, watchOperation } from '../watching';
import { checkHistories } from './checkHistories';
import { type AttachedInstallation, startAttachedInstallation } from './installation';
import { operationKinds } from './operationKinds';

/** Seconds after the last kill in which everything must end. */
const maxSecondsToEnd = 900;
/** Seconds without a change after which the mirror must be exact. */
const quietSeconds = 60;
/** How much longer than the shortest time there is between two kills at most: a Prefect server takes some seconds to start. */
const pauseSpreadMilliseconds = 8000;
const lookMilliseconds = 500;

async function untilFollowing({ ask }: Calls): Promise<void> {
  while ((await mirrorOf(ask))?.phase !== 'FOLLOWING') await sleep(lookMilliseconds);
}

/** Starts an operation of each kind, and waits until all have ended. */
const runOperations = (operations: Operations): Promise<unknown> =>
  Promise.all(
    operationKinds.map(async ({ name, input }) => {
      const id = await operations.start({ flowRuns: { tags: { all: [name] } }, ...input });
      if (id === null) throw new Error(`an operation was refused: ${name}`);
      await operations.ended(id);
    }),
  );

async function readReport(
  { databaseUrl, prefectUrl, runs }: AttachedInstallation,
  watches: readonly Watch[],
): Promise<Pick<Report, 'decided' | 'longestTakeover' | 'invariants'>> {
  const database = await openDatabase({ url: databaseUrl });
  const client = createUpstreamClient({
    apiUrl: prefectUrl,
    timeoutSeconds: 90,
    inFlight: 4,
    userAgent: 'switchyard-chaos',
  });
  try {
    const all = [...runs.values()].flat();
    return {
      decided: await countDecided(database),
      longestTakeover: await longestTakeover(database),
      invariants: [
        ...(await checkLedger(database, watches)),
        ...(await checkHistories(database, client, runs)),
        {
          name: `after ${quietSeconds} quiet seconds the mirror is as the server, field by field`,
          checked: all.length,
          broken: await mirrorDifferences(database, client),
        },
      ],
    };
  } finally {
    await client.close();
    await database.close();
  }
}

/** Starts attached processes, kills them and the Prefect server at random during operations, and looks at what is left. */
export async function runAttachedChaos({ kills, runs, seed, say }: ChaosSettings): Promise<Report> {
  say(`seed ${seed}: ${kills} kills during operations over ${runs} runs of a Prefect server`);
  const givingUp = new AbortController();
  const installation = await startAttachedInstallation(createRandom(seed), runs);
  try {
    await installation.ready();
    const calls = createCalls(installation, givingUp.signal);
    await untilFollowing(calls);
    const watches: Watch[] = [];
    const operations = createOperations(calls, createRandom(seed + 1), id => {
      watches.push(watchOperation(installation, id, watches.length, givingUp.signal));
    });
    const ended = runOperations(operations).then(() => Promise.all(watches.map(watch => watch.over)));
    const victims = { ...installation, emptyRedis: null };
    const killing = killAtRandom(victims, createRandom(seed + 3), kills, say, pauseSpreadMilliseconds);
    // Where an operation is refused, nothing is waited for.
    const killed = await Promise.race([killing, ended.then(() => killing)]);
    const secondsToEnd = await secondsUntil(ended, maxSecondsToEnd);
    say(`all has ended ${secondsToEnd.toFixed(1)} s after the last kill`);
    await sleep(quietSeconds * 1000);
    const { decided, longestTakeover: takeover, invariants } = await readReport(installation, watches);
    return {
      decided,
      longestTakeover: takeover,
      kills: killed,
      operations: new Map(operationKinds.map(({ name }) => [name, 1])),
      reconnections: watches.reduce((sum, watch) => sum + watch.reconnections, 0),
      repeatedCalls: calls.repeated(),
      secondsToEnd,
      errors: errorsIn(installation.outputs()),
      invariants: [...invariants, processesStay(installation), answersAreExplained(calls)],
    };
  } finally {
    givingUp.abort();
    await installation.close();
  }
}
