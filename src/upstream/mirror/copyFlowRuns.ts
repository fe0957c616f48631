import type { Instant } from '../../domain/instant';
import type { Services } from '../../transitions/services';
import type { UpstreamClient, UpstreamFlowRun } from '../client/upstreamClient';
import { completeRows } from './completeRows';
import { storeCompleteRows } from './storeCompleteRows';

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
 * Reads what different runs refer to, at most 200, and stores copies of all of it.
 *
 * @throws UpstreamError where the server cannot be asked for what they refer to.
 */
export async function copyFlowRuns(
  services: MirrorServices,
  client: UpstreamClient,
  found: readonly UpstreamFlowRun[],
  { readAt, walk, signal }: ReadingOfRuns,
): Promise<void> {
  if (found.length === 0) return;
  const complete = await completeRows(services, client, found, signal);
  await storeCompleteRows(services, complete, { readAt, walk });
}
