import { setTimeout as wait } from 'node:timers/promises';
import type { Instant } from '../../domain/instant';
import type { MirrorState } from '../../domain/mirror';
import { findNotMetSince, type PageOfIds } from '../../persistence/mirror/findMirroredFlowRuns';
import { findMirror, updateMirror } from '../../persistence/mirror/mirrorState';
import { findActiveOperations } from '../../persistence/operations/operations';
import { readAhead } from '../../platform/readAhead';
import { withLinkedAbort } from '../../platform/withLinkedAbort';
import type { UpstreamClient } from '../client/upstreamClient';
import { checkVanished } from './checkVanished';
import { completeRows } from './completeRows';
import type { MirrorServices } from './copyFlowRuns';
import { expectedStartPages } from './expectedStartPages';
import { restAfter } from './restAfter';
import { storePages, type WalkedPage } from './storePages';

const operationPollMilliseconds = 1000;
/** How many pages are stored at once, and how long they may be together: two batches are in memory. */
const maxPagesInBatch = 4;
const maxCharactersInBatch = 4_000_000;
/** How long the server rests between two pages, as a part of the time that it took for one. */
const restShare = 0.1;

/** What is done besides reading the runs. */
interface WalkHooks {
  /** A new walk begins: it reads all that has changed until now. */
  onBegin?(): void;
  /** An operation holds the walk up; called again and again. */
  whileHeldUp?(): Promise<void>;
}

/** Whether an operation runs: it needs the server more. */
const isHeldUp = async ({ database }: MirrorServices): Promise<boolean> =>
  (await findActiveOperations(database.primary)).length > 0;

/** Waits while an operation runs. */
async function whileOperationsRun(
  services: MirrorServices,
  { whileHeldUp }: WalkHooks,
  signal: AbortSignal,
): Promise<void> {
  while (await isHeldUp(services)) {
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
 * Reads all runs of the server, page by page, with what they refer to, with rests between pages. While operations run it waits; what
 * was read by then is not held back meanwhile.
 */
async function* readBatches(
  services: MirrorServices,
  client: UpstreamClient,
  from: Instant | null,
  hooks: WalkHooks,
  signal: AbortSignal,
): AsyncGenerator<WalkedPage[], void> {
  let batch: WalkedPage[] = [];
  let size = 0;
  const pages = expectedStartPages(client, services.clock, { filter: {}, from }, signal);
  try {
    for await (const { rows, readAt, served, characters, next } of pages) {
      batch.push({ complete: await completeRows(services, client, rows, signal), readAt, next });
      size += characters;
      await restAfter(served, restShare, signal);
      const isFull = batch.length >= maxPagesInBatch || size >= maxCharactersInBatch;
      if (!isFull && !(await isHeldUp(services))) continue;
      yield batch;
      batch = [];
      size = 0;
      await whileOperationsRun(services, hooks, signal);
    }
  } catch (error) {
    // Where the walk is interrupted, it goes on behind what was read by then.
    if (batch.length > 0) yield batch;
    throw error;
  }
  if (batch.length > 0) yield batch;
}

/**
 * Reads all runs of the server, stores their copies, and deletes the copies of runs that are gone. The server reads pages while
 * those before are stored. A walk that was interrupted goes on behind the last page that was stored.
 *
 * @throws UpstreamError where the server cannot be asked; AbortError where the signal is aborted.
 */
export async function walkAll(
  services: MirrorServices,
  client: UpstreamClient,
  signal: AbortSignal,
  hooks: WalkHooks = {},
): Promise<void> {
  const { database, clock } = services;
  const mirror = await findMirror(database.primary);
  if (mirror === null) return;
  const begun = await beginWalk(services, mirror, hooks);
  const { walk } = begun;
  await withLinkedAbort([signal], async reading => {
    const batches = readBatches(services, client, begun.from, hooks, reading.signal);
    for await (const pages of readAhead(batches))
      await storePages(services, client, pages, walk).catch((error: unknown) => {
        // The page that is read meanwhile is not waited for, nor operations.
        reading.abort();
        throw error;
      });
  });
  const findNotMet = (page: PageOfIds) => findNotMetSince(database.primary, begun, page);
  await checkVanished(services, client, findNotMet, { walk, signal });
  await updateMirror(database.writer, { walkAfter: null, lastWalk: clock() });
}
