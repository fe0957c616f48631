import { setTimeout as wait } from 'node:timers/promises';
import type { Instant } from '../../domain/instant';
import type { MirrorState } from '../../domain/mirror';
import { findNotMetSince, type PageOfIds } from '../../persistence/mirror/findMirroredFlowRuns';
import { findMirror, updateMirror } from '../../persistence/mirror/mirrorState';
import { findActiveOperations } from '../../persistence/operations/operations';
import type { UpstreamClient } from '../client/upstreamClient';
import { checkVanished } from './checkVanished';
import { copyFlowRuns, type MirrorServices } from './copyFlowRuns';
import { expectedStartPages } from './expectedStartPages';
import { createRests } from './rests';

const operationPollMilliseconds = 1000;
/** How long the server rests between two pages, as a part of the time that it took for one. */
const restShare = 0.2;

/** What is done besides reading the runs. */
export interface WalkHooks {
  /** A new walk begins: it reads all that has changed until now. */
  onBegin?(): void;
  /** An operation holds the walk up; called again and again. */
  whileHeldUp?(): Promise<void>;
}

/** Waits while an operation runs: it needs the server more. */
async function whileOperationsRun(
  { database }: MirrorServices,
  { whileHeldUp }: WalkHooks,
  signal: AbortSignal,
): Promise<void> {
  while ((await findActiveOperations(database.primary)).length > 0) {
    await whileHeldUp?.();
    await wait(operationPollMilliseconds, undefined, { signal });
  }
}

/** Where a walk is: begun before, or begun now. */
async function beginWalk(
  { database, clock }: MirrorServices,
  mirror: MirrorState,
  { onBegin }: WalkHooks,
): Promise<{ walk: number; started: Instant; from: Instant | null }> {
  const { walk, walkStarted, walkAfter, lastWalk } = mirror;
  const isUnderWay = walkStarted !== null && (lastWalk === null || lastWalk < walkStarted);
  if (isUnderWay) return { walk, started: walkStarted, from: walkAfter };
  const begun = { walk: walk + 1, walkStarted: clock(), walkAfter: null };
  await updateMirror(database.writer, begun);
  onBegin?.();
  return { walk: begun.walk, started: begun.walkStarted, from: null };
}

/**
 * Reads all runs of the server, page by page with rests, stores their copies, and deletes the copies of runs that are gone. One
 * that was interrupted goes on where it was.
 *
 * @throws UpstreamError where the server cannot be asked; AbortError where the signal is aborted.
 */
export async function walkAll(
  services: MirrorServices,
  client: UpstreamClient,
  signal: AbortSignal,
  hooks: WalkHooks = {},
): Promise<void> {
  const { database, clock, monotonicClock } = services;
  const mirror = await findMirror(database.primary);
  if (mirror === null) return;
  const begun = await beginWalk(services, mirror, hooks);
  const rests = createRests(monotonicClock, restShare);
  for await (const { rows, readAt, next } of expectedStartPages(
    client,
    clock,
    { filter: {}, from: begun.from },
    signal,
  )) {
    rests.serverIsIdle();
    await copyFlowRuns(services, client, rows, { readAt, walk: begun.walk, signal });
    if (next !== null) await updateMirror(database.writer, { walkAfter: next });
    await rests.rest(signal);
    await whileOperationsRun(services, hooks, signal);
  }
  const findNotMet = (page: PageOfIds) => findNotMetSince(database.primary, begun, page);
  await checkVanished(services, client, findNotMet, { walk: begun.walk, signal });
  await updateMirror(database.writer, { walkAfter: null, lastWalk: clock() });
}
