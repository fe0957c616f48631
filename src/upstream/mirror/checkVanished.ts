import type { FlowRunId } from '../../domain/identifiers';
import type { PageOfIds } from '../../persistence/mirror/findMirroredFlowRuns';
import type { UpstreamClient } from '../client/upstreamClient';
import type { MirrorServices } from './copyFlowRuns';
import { pageSize, refreshFlowRuns } from './refreshFlowRuns';
import { createRests } from './rests';

/**
 * Reads by id the runs that were not met in the server where they should have been, page by page with rests: they may have
 * vanished. Copies of those that are gone are deleted, the others brought up to date.
 *
 * @param find finds one page of these runs.
 * @param walk the walk that asks; null: none does.
 * @throws UpstreamError where the server cannot be asked; AbortError where the signal is aborted.
 */
export async function checkVanished(
  services: MirrorServices,
  client: UpstreamClient,
  find: (page: PageOfIds) => Promise<FlowRunId[]>,
  { walk = null, signal }: { walk?: number | null; signal: AbortSignal },
): Promise<void> {
  const { rest } = createRests(services.monotonicClock);
  let after: FlowRunId | null = null;
  for (;;) {
    const suspects: FlowRunId[] = await find({ limit: pageSize, after });
    after = suspects.at(-1) ?? null;
    if (after === null) return;
    await refreshFlowRuns(services, client, suspects, { walk, signal });
    await rest(signal);
  }
}
