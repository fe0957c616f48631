import type { Instant } from '../../domain/instant';
import { retryOnDuplicateKey } from '../../persistence/connection/retryOnDuplicateKey';
import { storeFlowRuns } from '../../persistence/mirror/storeFlowRuns';
import { storeDeployments, storeFlows } from '../../persistence/mirror/storeFlowsAndDeployments';
import { storeTaskRuns } from '../../persistence/mirror/storeTaskRuns';
import type { Services } from '../../transitions/services';
import type { UpstreamClient, UpstreamFlowRun } from '../client/upstreamClient';
import { completeRows } from './completeRows';

/** What the mirror works with. */
export type MirrorServices = Pick<
  Services,
  'database' | 'clock' | 'monotonicClock' | 'stateChanges' | 'newId' | 'reportUnavailable' | 'reportError'
>;

/** How runs were read. */
export interface ReadingOfRuns {
  /** When the server was asked for them. */
  readAt: Instant;
  /** The walk that met them; null: none did. */
  walk: number | null;
  signal?: AbortSignal | undefined;
}

/**
 * Stores copies of different runs, at most 200, with what they refer to, all in one transaction, and publishes the states that
 * are new here.
 *
 * @returns how many runs are in another state than they were here.
 * @throws UpstreamError where the server cannot be asked for what they refer to.
 */
export async function copyFlowRuns(
  services: MirrorServices,
  client: UpstreamClient,
  found: readonly UpstreamFlowRun[],
  { readAt, walk, signal }: ReadingOfRuns,
): Promise<number> {
  if (found.length === 0) return 0;
  const { database, clock, stateChanges } = services;
  const { rows, flows, deployments, taskRuns } = await completeRows(services, client, found, signal);
  // Another process may copy the same runs at the same time.
  const changes = await retryOnDuplicateKey(database, () =>
    database.transaction(async connection => {
      const written = await storeFlowRuns(database, connection, rows, { readAt, now: clock(), walk });
      await storeTaskRuns(database, connection, taskRuns);
      await storeDeployments(database, connection, deployments);
      await storeFlows(database, connection, flows);
      return written;
    }),
  );
  stateChanges.publish(changes);
  return changes.length;
}
