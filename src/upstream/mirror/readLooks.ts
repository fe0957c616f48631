import { findCopiedStates } from '../../persistence/mirror/findMirroredFlowRuns';
import type { UpstreamClient } from '../client/upstreamClient';
import type { MirrorServices } from './copyFlowRuns';
import type { Look, LookList } from './lookList';
import { pageSize, refreshFlowRuns } from './refreshFlowRuns';

/**
 * Reads the runs that are due, a page of them, and puts those back that do not show the state of their event, nor a newer one:
 * events come a little before the transaction is committed.
 *
 * @returns how many runs were read.
 * @throws UpstreamError where the server cannot be asked; then all of them are put back.
 */
export async function readLooks(
  services: MirrorServices,
  client: UpstreamClient,
  looks: LookList,
  signal: AbortSignal,
): Promise<number> {
  const due = looks.takeDue(pageSize);
  if (due.length === 0) return 0;
  const ids = due.map(({ flowRunId }) => flowRunId);
  try {
    await refreshFlowRuns(services, client, ids, { signal });
  } catch (error) {
    // It was not asked, so this was no try.
    for (const look of due) looks.putBack({ ...look, tries: look.tries - 1 });
    throw error;
  }
  const copied = await findCopiedStates(services.database.primary, ids);
  const isShown = ({ flowRunId, stateId, occurred }: Look): boolean => {
    if (stateId === null) return true;
    const copy = copied.get(flowRunId);
    if (copy === undefined) return false;
    return copy.stateId === stateId || (copy.stateTimestamp ?? '') > occurred;
  };
  for (const look of due) if (!isShown(look)) looks.putBack(look);
  return due.length;
}
