import type { Instant } from '../../domain/instant';
import type { Services } from '../../transitions/services';
import type { UnreadRun, UnreadRuns } from '../../transitions/transitionSender';
import type { UpstreamClient, UpstreamFlowRun } from '../client/upstreamClient';
import { completeRows } from './completeRows';
import { storeCompleteRows } from './storeCompleteRows';

/** What the mirror works with. */
export type MirrorServices = Pick<
  Services,
  'database' | 'clock' | 'monotonicClock' | 'stateChanges' | 'newId' | 'reportUnavailable' | 'reportError'
>;

const flowUnread: UnreadRun = { isServerFault: true, reason: 'The flow of the run cannot be read.' };
const notStored: UnreadRun = { isServerFault: false, reason: 'The copy of the run could not be stored.' };

/** How runs were read. */
interface ReadingOfRuns {
  /** When the server was asked for them. */
  readAt: Instant;
  /** The walk that met them; null: none did. */
  walk: number | null;
  signal?: AbortSignal | undefined;
}

/**
 * Reads what different runs refer to, at most 200, and stores copies of all of it.
 *
 * @returns the runs with which that is not possible, which are left as they were.
 * @throws UpstreamError where the server cannot be asked for what they refer to.
 */
export async function copyFlowRuns(
  services: MirrorServices,
  client: UpstreamClient,
  found: readonly UpstreamFlowRun[],
  { readAt, walk, signal }: ReadingOfRuns,
): Promise<UnreadRuns> {
  if (found.length === 0) return new Map();
  const complete = await completeRows(services, client, found, signal);
  const unstored = await storeCompleteRows(services, client, complete, { readAt, walk });
  return new Map([
    ...complete.left.map(id => [id, flowUnread] as const),
    ...unstored.map(id => [id, notStored] as const),
  ]);
}
