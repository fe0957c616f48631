import { addSeconds, type Instant } from '../../domain/instant';
import { stateTypes } from '../../domain/state';
import {
  countByStateType,
  findUnfinishedNotReadSince,
  type PageOfIds,
  unfinishedStateTypes,
} from '../../persistence/mirror/findMirroredFlowRuns';
import { updateMirror } from '../../persistence/mirror/mirrorState';
import { clockMarginSeconds } from '../../persistence/mirror/newerCopy';
import { forgetGone } from '../../persistence/mirror/readMarks';
import type { UpstreamClient } from '../client/upstreamClient';
import { checkVanished } from './checkVanished';
import { copyFlowRuns, type MirrorServices } from './copyFlowRuns';
import { expectedStartPages, type PagedRuns } from './expectedStartPages';
import { createRests } from './rests';

/** How long a page may be under way that was read before its run was deleted. */
const secondsToRememberGone = 900;

/** Copies all runs of some pages, with rests. */
export async function copyPages(
  services: MirrorServices,
  client: UpstreamClient,
  runs: PagedRuns,
  signal: AbortSignal,
): Promise<void> {
  const { rest } = createRests(services.monotonicClock);
  for await (const { rows, readAt, next } of expectedStartPages(client, services.clock, runs, signal)) {
    await copyFlowRuns(services, client, rows, { readAt, walk: null, signal });
    if (next !== null) await rest(signal);
  }
}

/**
 * Whether the server and the mirror have the same number of runs of each state type. Runs that move meanwhile make a difference;
 * those that cannot be read are allowed for: their copies are missing, or in another state.
 */
async function haveSameCounts(
  { database }: MirrorServices,
  client: UpstreamClient,
  signal: AbortSignal,
): Promise<boolean> {
  const here = await database.scan('counts', database.primary, countByStateType);
  const allowed = 2 * client.unreadable.size;
  let difference = 0;
  for (const type of stateTypes) {
    const there = await client.countFlowRuns({ state: { type: { any_: [type] } } }, signal);
    difference += Math.abs(there - (here.get(type) ?? 0));
    if (difference > allowed) return false;
  }
  return true;
}

/**
 * Reads what can have changed without an event: runs that have not ended, runs that ended or were due since the last sweep, and
 * runs that are unfinished here alone.
 *
 * @param since when the last sweep began; null: there was none.
 * @returns whether the mirror then has as many runs of each state type as the server.
 * @throws UpstreamError where the server cannot be asked.
 */
export async function sweep(
  services: MirrorServices,
  client: UpstreamClient,
  since: Instant | null,
  signal: AbortSignal,
): Promise<boolean> {
  const { database, clock } = services;
  const started = clock();
  const unfinished = { state: { type: { any_: unfinishedStateTypes } } };
  await copyPages(services, client, { filter: unfinished, from: null }, signal);
  if (since !== null) {
    const from = addSeconds(since, -clockMarginSeconds);
    await copyPages(services, client, { filter: { end_time: { after_: from } }, from: null }, signal);
    await copyPages(
      services,
      client,
      { filter: {}, from, to: addSeconds(started, clockMarginSeconds) },
      signal,
    );
  }
  const findLeftovers = (page: PageOfIds) => findUnfinishedNotReadSince(database.primary, started, page);
  await checkVanished(services, client, findLeftovers, { signal });
  await updateMirror(database.writer, { lastSweep: started });
  await forgetGone(database.writer, addSeconds(started, -secondsToRememberGone));
  return haveSameCounts(services, client, signal);
}
