import type { Guard, UpstreamFlowRun } from '../../src/upstream/client/upstreamClient';

/** The guard that matches a run as it was read. */
export function guardOf({ flowRun }: UpstreamFlowRun): Guard {
  const { id, stateId, stateType, stateName, startTime, endTime, nextScheduledStartTime } = flowRun;
  if (stateId === null || stateType === null || stateName === null) throw new Error(`run ${id} has no state`);
  return { flowRunId: id, stateId, stateType, stateName, startTime, endTime, nextScheduledStartTime };
}
