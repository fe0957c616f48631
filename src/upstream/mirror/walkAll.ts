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
import { type CompleteRows, completeRows } from './completeRows';
import type { MirrorServices } from './copyFlowRuns';
import { expectedStartPages } from './expectedStartPages';
import { createRests } from './rests';
import { storeCompleteRows } from './storeCompleteRows';

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

/** A page of a walk. */
interface WalkedPage {
  complete: CompleteRows;
  /** When the server was asked for it. */
  readAt: Instant;
  /** From where on a walk that is interrupted goes on; null: this was the last page. */
  next: Instant | null;
}

/** Reads all runs of the server, page by page, with what they refer to, with rests between pages and while operations run. */
async function* readPages(
  services: MirrorServices,
  client: UpstreamClient,
  from: Instant | null,
  hooks: WalkHooks,
  signal: AbortSignal,
): AsyncGenerator<WalkedPage, void> {
  const { clock, monotonicClock } = services;
  const rests = createRests(monotonicClock, restShare);
  for await (const { rows, readAt, next } of expectedStartPages(
    client,
    clock,
    { filter: {}, from },
    signal,
  )) {
    const complete = await completeRows(services, client, rows, signal);
    await rests.rest(signal);
    yield { complete, readAt, next };
    await whileOperationsRun(services, hooks, signal);
    rests.serverWorks();
  }
}

/**
 * Reads all runs of the server, stores their copies, and deletes the copies of runs that are gone. The server reads a page while
 * the one before is stored. A walk that was interrupted goes on behind the last page that was stored.
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
  const store = async ({ complete, readAt, next }: WalkedPage): Promise<void> => {
    await storeCompleteRows(services, client, complete, { readAt, walk });
    if (next !== null) await updateMirror(database.writer, { walkAfter: next });
  };
  await withLinkedAbort([signal], async reading => {
    const pages = readPages(services, client, begun.from, hooks, reading.signal);
    for await (const page of readAhead(pages))
      await store(page).catch((error: unknown) => {
        // The page that is read meanwhile is not waited for, nor operations.
        reading.abort();
        throw error;
      });
  });
  const findNotMet = (page: PageOfIds) => findNotMetSince(database.primary, begun, page);
  await checkVanished(services, client, findNotMet, { walk, signal });
  await updateMirror(database.writer, { walkAfter: null, lastWalk: clock() });
}
