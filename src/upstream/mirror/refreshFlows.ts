import type { FlowId } from '../../domain/identifiers';
import { retryOnDuplicateKey } from '../../persistence/connection/retryOnDuplicateKey';
import {
  deleteUnusedFlows,
  findFlowIds,
  storeFlows,
} from '../../persistence/mirror/storeFlowsAndDeployments';
import { slicesOf } from '../../platform/slicesOf';
import type { UpstreamClient } from '../client/upstreamClient';
import type { MirrorServices } from './copyFlowRuns';
import { pageSize } from './refreshFlowRuns';
import { reportUnstored, storeInHalves } from './storeInHalves';

/** Deletes the copies of those flows that the server does not have any more. */
async function removeGone(
  { database }: Pick<MirrorServices, 'database'>,
  client: UpstreamClient,
  suspects: readonly FlowId[],
  signal: AbortSignal,
): Promise<void> {
  for (const ids of slicesOf(suspects, pageSize)) {
    const { rows, unreadable } = await client.findFlows({ ids }, signal);
    const found = new Set([...rows.map(({ id }) => id), ...unreadable]);
    const gone = ids.filter(id => !found.has(id));
    await database.transaction(connection => deleteUnusedFlows(connection, gone));
  }
}

/**
 * Reads all flows from the server, stores their copies, and deletes the copies of those that are gone once nothing here belongs to
 * them. No event says that a flow was deleted.
 *
 * @throws UpstreamError where the server cannot be asked.
 */
export async function refreshFlows(
  services: Pick<MirrorServices, 'database' | 'reportError'>,
  client: UpstreamClient,
  signal: AbortSignal,
): Promise<void> {
  const { database } = services;
  const suspects = new Set(await findFlowIds(database.primary));
  for (let offset = 0; ; offset += pageSize) {
    const { rows, unreadable } = await client.findFlows({ offset }, signal);
    const unstored = await storeInHalves(rows, part =>
      retryOnDuplicateKey(database, () =>
        database.transaction(connection => storeFlows(database, connection, part)),
      ),
    );
    reportUnstored(services, client, 'flows', unstored);
    for (const id of [...rows.map(row => row.id), ...unreadable]) suspects.delete(id);
    if (rows.length + unreadable.length < pageSize) break;
  }
  await removeGone(services, client, [...suspects], signal);
}
