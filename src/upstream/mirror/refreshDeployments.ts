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
import type { UpstreamClient, UpstreamDeployment } from '../client/upstreamClient';
import type { MirrorServices } from './copyFlowRuns';
import { pageSize } from './refreshFlowRuns';

type Refreshed = Pick<MirrorServices, 'database'>;

async function store(
  { database }: Refreshed,
  client: UpstreamClient,
  deployments: readonly UpstreamDeployment[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const unknown = await findUnknown(
    database.primary,
    'flow',
    distinct(deployments.map(({ flowId }) => flowId)),
  );
  const flows = unknown.length === 0 ? [] : await client.findFlows({ ids: unknown }, signal);
  await retryOnDuplicateKey(database, () =>
    database.transaction(async connection => {
      await storeDeployments(database, connection, deployments);
      await storeFlows(database, connection, flows);
    }),
  );
}

async function removeGone(
  { database }: Refreshed,
  client: UpstreamClient,
  suspects: readonly DeploymentId[],
  signal: AbortSignal | undefined,
): Promise<void> {
  if (suspects.length === 0) return;
  const found = new Set((await client.findDeployments({ ids: suspects }, signal)).map(({ id }) => id));
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
    const page = await client.findDeployments({ offset }, signal);
    await store(services, client, page, signal);
    for (const { id } of page) suspects.delete(id);
    if (page.length < pageSize) break;
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
  for (let start = 0; start < ids.length; start += pageSize) {
    const part = ids.slice(start, start + pageSize);
    await store(services, client, await client.findDeployments({ ids: part }, signal), signal);
  }
}
