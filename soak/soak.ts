import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../bench/support/random';
import { percentile, timed } from '../bench/support/statistics';
import { askAt } from '../test/harness/gateway';
import { createClient, pageQuery } from './client';
import { type MeasuredProcess, startMeasuredProcess } from './measuredProcess';
import type { Measurement } from './measurement';
import { openSubscribers } from './subscribers';
import { createTally, type Deed, type Tally } from './tally';

/** How much, and for how long. */
export interface SoakSettings {
  /** Filled with runs. */
  readonly databaseUrl: string;
  /** Runs in state RUNNING, a set for each client. */
  readonly sets: readonly (readonly string[])[];
  /** Seconds that a client pauses at most after each deed. */
  readonly maxPauseSeconds: number;
  /** Seconds of load that are not measured, and bring caches and compiled code to their size. */
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** Seconds without load before memory is measured. */
  readonly settleSeconds: number;
  readonly idleSubscribers: number;
  /** Pages that are timed without load. */
  readonly idlePages: number;
  say(line: string): void;
}

/** What was seen. */
export interface SoakReport {
  readonly done: ReadonlyMap<Deed, number>;
  readonly errors: ReadonlyMap<string, number>;
  /** After the warm-up and its settling. */
  readonly before: Measurement;
  readonly withSubscribers: Measurement;
  /** At the end of the load, before settling. */
  readonly underLoad: Measurement;
  readonly after: Measurement;
  /** The 95th percentile of a page of 50 runs, in milliseconds. */
  readonly idlePage: number;
  readonly loadedPage: number;
  readonly exitCode: number | null;
}

const probePauseMilliseconds = 200;
const seed = 20_260_101;

/** Times the same page again and again; one that fails is an error as any other. */
async function timePages(url: string, tally: Tally, goOn: (count: number) => boolean): Promise<number[]> {
  const ask = askAt(url);
  const filter = { state: { type: { any: ['FAILED', 'CRASHED'] } } };
  const times: number[] = [];
  while (goOn(times.length)) {
    await tally.count('page', async () => {
      times.push(await timed(() => ask(pageQuery, { filter })));
    });
    await sleep(probePauseMilliseconds / 4);
  }
  return times;
}

async function measureSettled(gateway: MeasuredProcess, seconds: number): Promise<Measurement> {
  await sleep(seconds * 1000);
  return gateway.measure();
}

async function measureUnderLoad(
  gateway: MeasuredProcess,
  settings: SoakSettings,
): Promise<Omit<SoakReport, 'exitCode'>> {
  const { sets, maxPauseSeconds, warmUpSeconds, seconds, settleSeconds, say } = settings;
  const { url } = gateway;
  const tally = createTally();
  const clients = sets.map((flowRunIds, number) =>
    createClient({ url, number, flowRunIds, random: createRandom(seed + number), tally, maxPauseSeconds }),
  );

  /** Lets all clients work for so long, and returns how long pages took meanwhile. */
  async function load(loadSeconds: number): Promise<number[]> {
    const stop = new AbortController();
    const work = clients.map(client => client.run(stop.signal));
    const deadline = Date.now() + loadSeconds * 1000;
    const times = await timePages(url, tally, () => Date.now() < deadline);
    stop.abort();
    await Promise.all(work);
    return times;
  }

  say(`${clients.length} clients warm up for ${warmUpSeconds} s`);
  await load(warmUpSeconds);
  await sleep(settleSeconds * 1000);
  const idlePage = percentile(await timePages(url, tally, count => count < settings.idlePages), 0.95);
  const before = await measureSettled(gateway, settleSeconds);
  say(`${settings.idleSubscribers} subscribers wait`);
  const subscribers = await openSubscribers(url, settings.idleSubscribers);
  const withSubscribers = await measureSettled(gateway, settleSeconds);
  const broken = subscribers.broken();
  await subscribers.close();
  await measureSettled(gateway, settleSeconds);
  say(`${clients.length} clients work for ${seconds} s`);
  const loadedPage = percentile(await load(seconds), 0.95);
  const underLoad = await gateway.measure();
  const after = await measureSettled(gateway, settleSeconds);
  const errors = new Map(tally.errors());
  for (const what of broken) {
    const name = `idle subscriber: ${what}`;
    errors.set(name, (errors.get(name) ?? 0) + 1);
  }
  return {
    done: tally.done(),
    errors,
    before,
    withSubscribers,
    underLoad,
    after,
    idlePage,
    loadedPage,
  };
}

/** Puts a gateway under the load of many clients, and measures its memory before and after, and its speed. */
export async function runSoak(settings: SoakSettings): Promise<SoakReport> {
  const gateway = await startMeasuredProcess(settings.databaseUrl);
  try {
    const measured = await measureUnderLoad(gateway, settings);
    return { ...measured, exitCode: await gateway.stop() };
  } finally {
    gateway.kill();
  }
}
