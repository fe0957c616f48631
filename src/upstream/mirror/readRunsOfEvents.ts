import { findCopiedStates } from '../../persistence/mirror/findMirroredFlowRuns';
import type { UpstreamClient } from '../client/upstreamClient';
import type { MirrorServices } from './copyFlowRuns';
import { pageSize, refreshFlowRuns } from './refreshFlowRuns';
import type { RunOfEvent, RunsOfEvents } from './runsOfEvents';

/**
 * Reads the runs that are due, a page of them, and puts those back that do not show the state of their event, nor a newer one:
 * events come a little before the transaction is committed.
 *
 * @returns how many runs were read.
 * @throws UpstreamError where the server cannot be asked; then all of them are put back.
 */
export async function readRunsOfEvents(
  services: MirrorServices,
  client: UpstreamClient,
  runs: RunsOfEvents,
  signal: AbortSignal,
): Promise<number> {
  const due = runs.takeDue(pageSize);
  if (due.length === 0) return 0;
  const ids = due.map(({ flowRunId }) => flowRunId);
  try {
    await refreshFlowRuns(services, client, ids, { signal });
  } catch (error) {
    // It was not asked, so this was no try.
    for (const run of due) runs.putBack({ ...run, tries: run.tries - 1 });
    throw error;
  }
  const copied = await findCopiedStates(services.database.primary, ids);
  const isShown = ({ flowRunId, stateId, occurred }: RunOfEvent): boolean => {
    if (stateId === null) return true;
    const copy = copied.get(flowRunId);
    if (copy === undefined) return false;
    return copy.stateId === stateId || (copy.stateTimestamp ?? '') > occurred;
  };
  for (const run of due) if (!isShown(run)) runs.putBack(run);
  return due.length;
}
