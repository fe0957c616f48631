import type { FlowRun } from '../domain/flowRun';
import type { FlowRunFilter } from '../domain/flowRunFilter';
import { compileFlowRunFilter } from '../persistence/filter/compile';
import { findFlowRunsByIds } from '../persistence/reading';
import { matchingFlowRunIds } from '../persistence/transitions';
import type { Services } from './services';
import type { StateChange } from './stateChanges';

/** A state change, and the run as it is after it. */
export interface FlowRunStateChange extends StateChange {
  flowRun: FlowRun;
}

/** Every state that is written from now on, to runs that match as they are after the write; deleted runs are left out. */
export async function* watchFlowRuns(
  { database, stateChanges }: Services,
  sent: FlowRunFilter | null,
): AsyncGenerator<FlowRunStateChange> {
  const filter = compileFlowRunFilter(sent, database.dialect);
  for await (const changes of stateChanges.subscribe()) {
    const ids = changes.map(change => change.flowRunId);
    const matching = await matchingFlowRunIds(database, ids, filter);
    const found = await findFlowRunsByIds(database.primary, [...matching]);
    const runs = new Map(found.map(flowRun => [flowRun.id, flowRun]));
    for (const change of changes) {
      const flowRun = runs.get(change.flowRunId);
      if (flowRun) yield { ...change, flowRun };
    }
  }
}
