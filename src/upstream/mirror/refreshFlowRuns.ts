import type { FlowRunId } from '../../domain/identifiers';
import { deleteMirroredFlowRuns } from '../../persistence/mirror/deleteMirroredFlowRuns';
import { distinct } from '../../platform/distinct';
import type { UpstreamClient } from '../client/upstreamClient';
import { copyFlowRuns, type MirrorServices } from './copyFlowRuns';

/** The most runs that the server returns at once. */
export const pageSize = 200;

async function refreshPage(
  services: MirrorServices,
  client: UpstreamClient,
  ids: readonly FlowRunId[],
  walk: number | null,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { database, clock } = services;
  const readAt = clock();
  const rows = await client.findFlowRunsByIds(ids, signal);
  await copyFlowRuns(services, client, rows, { readAt, walk, signal });
  const found = new Set(rows.map(({ flowRun }) => flowRun.id));
  const gone = ids.filter(id => !found.has(id));
  if (gone.length === 0) return;
  await database.transaction(connection => deleteMirroredFlowRuns(database, connection, gone, readAt));
}

/**
 * Reads runs from the server, any number of them, stores their copies, and deletes the copies of those that are gone.
 *
 * @param walk the walk that asks; null: none does.
 * @throws UpstreamError where the server cannot be asked.
 */
export async function refreshFlowRuns(
  services: MirrorServices,
  client: UpstreamClient,
  ids: readonly FlowRunId[],
  { walk = null, signal }: { walk?: number | null; signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const all = distinct(ids);
  for (let start = 0; start < all.length; start += pageSize)
    await refreshPage(services, client, all.slice(start, start + pageSize), walk, signal);
}
