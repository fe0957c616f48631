import type { FlowRunId } from '../../domain/identifiers';
import { deleteMirroredFlowRuns } from '../../persistence/mirror/deleteMirroredFlowRuns';
import { distinct } from '../../platform/distinct';
import { slicesOf } from '../../platform/slicesOf';
import { isFaultOfDatabase } from '../../transitions/databaseErrors';
import type { UnreadRun, UnreadRuns } from '../../transitions/transitionSender';
import type { UpstreamClient } from '../client/upstreamClient';
import { UpstreamError } from '../client/upstreamError';
import { copyFlowRuns, type MirrorServices } from './copyFlowRuns';

/** The most runs that the server returns at once. */
export const pageSize = 200;

const internalError = 500;

/** How runs are read again. */
interface Refreshing {
  services: MirrorServices;
  client: UpstreamClient;
  walk: number | null;
  signal: AbortSignal | undefined;
}

async function refreshTogether(
  { services, client, walk, signal }: Refreshing,
  ids: readonly FlowRunId[],
  unread: Map<FlowRunId, UnreadRun>,
): Promise<void> {
  const { database, clock } = services;
  const readAt = clock();
  const { rows, unreadable } = await client.findFlowRunsByIds(ids, signal);
  for (const { id, detail } of unreadable)
    if (id !== null) unread.set(id, { isServerFault: true, reason: detail });
  const left = await copyFlowRuns(services, client, rows, { readAt, walk, signal });
  for (const [id, run] of left) unread.set(id, run);
  const found = new Set(rows.map(({ flowRun }) => flowRun.id));
  // A run that cannot be read exists.
  const gone = ids.filter(id => !found.has(id) && !unread.has(id));
  if (gone.length === 0) return;
  client.unreadable.forget(gone);
  client.unreadable.forgetUnstored(gone);
  await database.transaction(connection =>
    deleteMirroredFlowRuns(database, connection, gone, { readAt, now: clock() }),
  );
}

/** Whether one run may be why a read failed: else the server works for none. */
function mayBeAboutRead({ failure }: UpstreamError): boolean {
  if (failure.kind === 'serverError') return failure.status === internalError;
  return failure.kind === 'malformed' || failure.kind === 'invalid';
}

/** Whether one run of many may be why they could not be read or stored: else neither side works for any. */
export const mayBeAboutOne = (error: unknown): boolean =>
  error instanceof UpstreamError ? mayBeAboutRead(error) : !isFaultOfDatabase(error);

async function unreadRunOf(
  { services, client, signal }: Refreshing,
  id: FlowRunId,
  error: unknown,
): Promise<UnreadRun> {
  if (!(error instanceof UpstreamError)) {
    services.reportError('the copy of a run could not be stored', error, { flowRunId: id });
    return { isServerFault: false, reason: 'The copy of the run could not be stored.' };
  }
  // A server that cannot count it either works for no run now.
  await client.countFlowRuns({ id: { any_: [id] } }, signal);
  client.unreadable.note(id, error.message);
  return { isServerFault: true, reason: error.message };
}

/** Reads runs again; where that fails on one of them, reads each half of them, until the runs that fail are alone. */
async function refreshPage(
  refreshing: Refreshing,
  ids: readonly FlowRunId[],
  unread: Map<FlowRunId, UnreadRun>,
): Promise<void> {
  try {
    await refreshTogether(refreshing, ids, unread);
  } catch (error) {
    refreshing.signal?.throwIfAborted();
    const [id] = ids;
    if (id === undefined || !mayBeAboutOne(error)) throw error;
    const half = Math.ceil(ids.length / 2);
    if (half === ids.length) {
      unread.set(id, await unreadRunOf(refreshing, id, error));
      return;
    }
    await refreshPage(refreshing, ids.slice(0, half), unread);
    await refreshPage(refreshing, ids.slice(half), unread);
  }
}

/**
 * Reads runs from the server, any number of them, stores their copies, and deletes the copies of those that are gone.
 *
 * @param walk the walk that asks; null: none does.
 * @returns the runs with which that is not possible, which are left as they were.
 * @throws UpstreamError where the server cannot be asked.
 */
export async function refreshFlowRuns(
  services: MirrorServices,
  client: UpstreamClient,
  ids: readonly FlowRunId[],
  { walk = null, signal }: { walk?: number | null; signal?: AbortSignal | undefined } = {},
): Promise<UnreadRuns> {
  const all = distinct(ids);
  const refreshing = { services, client, walk, signal };
  const unread = new Map<FlowRunId, UnreadRun>();
  for (const page of slicesOf(all, pageSize)) await refreshPage(refreshing, page, unread);
  return unread;
}
