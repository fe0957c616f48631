import type { DeploymentId } from '../../domain/identifiers';
import { retryOnDuplicateKey } from '../../persistence/connection/retryOnDuplicateKey';
import { findUnknown } from '../../persistence/mirror/findMirroredFlowRuns';
import {
  deleteMirroredDeployments,
  findDeploymentIds,
  storeDeployments,
  storeFlows,
} from '../../persistence/mirror/storeFlowsAndDeployments';
import { distinct } from '../../platform/distinct';
import { slicesOf } from '../../platform/slicesOf';
import type { UpstreamClient, UpstreamDeployment } from '../client/upstreamClient';
import type { MirrorServices } from './copyFlowRuns';
import { pageSize } from './refreshFlowRuns';
import { reportUnstored, storeInHalves } from './storeInHalves';

type Refreshed = Pick<MirrorServices, 'database' | 'reportError'>;

/** Stores deployments with their flows; one that cannot be stored takes no other with it. */
async function store(
  services: Refreshed,
  client: UpstreamClient,
  deployments: readonly UpstreamDeployment[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const { database } = services;
  const unknown = await findUnknown(
    database.primary,
    'flow',
    distinct(deployments.map(({ flowId }) => flowId)),
  );
  const { rows: flows } =
    unknown.length === 0 ? { rows: [] } : await client.findFlows({ ids: unknown }, signal);
  const unstored = await storeInHalves(deployments, part => {
    const flowIds = new Set(part.map(({ flowId }) => flowId));
    return retryOnDuplicateKey(database, () =>
      database.transaction(async connection => {
        await storeDeployments(database, connection, part);
        await storeFlows(
          database,
          connection,
          flows.filter(({ id }) => flowIds.has(id)),
        );
      }),
    );
  });
  reportUnstored(services, client, 'deployments', unstored);
}

async function removeGone(
  { database }: Refreshed,
  client: UpstreamClient,
  suspects: readonly DeploymentId[],
  signal: AbortSignal | undefined,
): Promise<void> {
  if (suspects.length === 0) return;
  const { rows, unreadable } = await client.findDeployments({ ids: suspects }, signal);
  const found = new Set([...rows.map(({ id }) => id), ...unreadable]);
  const gone = suspects.filter(id => !found.has(id));
  await database.transaction(connection => deleteMirroredDeployments(connection, gone));
}

async function refreshAll(
  services: Refreshed,
  client: UpstreamClient,
  signal: AbortSignal | undefined,
): Promise<void> {
  const suspects = new Set(await findDeploymentIds(services.database.primary, 'all'));
  for (let offset = 0; ; offset += pageSize) {
    const { rows, unreadable } = await client.findDeployments({ offset }, signal);
    await store(services, client, rows, signal);
    for (const id of [...rows.map(row => row.id), ...unreadable]) suspects.delete(id);
    if (rows.length + unreadable.length < pageSize) break;
  }
  await removeGone(services, client, [...suspects], signal);
}

/**
 * Reads deployments from the server: their limits, slots and options. Changes of them make no event.
 *
 * @param which `limited`: only those that are known to have a limit, which are the ones whose slots move.
 * @throws UpstreamError where the server cannot be asked.
 */
export async function refreshDeployments(
  services: Refreshed,
  client: UpstreamClient,
  which: 'all' | 'limited' = 'all',
  signal?: AbortSignal,
): Promise<void> {
  if (which === 'all') return refreshAll(services, client, signal);
  const ids = await findDeploymentIds(services.database.primary, 'limited');
  for (const part of slicesOf(ids, pageSize)) {
    const { rows } = await client.findDeployments({ ids: part }, signal);
    await store(services, client, rows, signal);
  }
}
