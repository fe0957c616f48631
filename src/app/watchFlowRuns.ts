import type { FlowRunFilter } from '../domain/flowRunFilter';
import { compileFlowRunFilter } from '../persistence/filter/compile';
import { matchingFlowRunIds } from '../persistence/transitions';
import type { Services } from './services';
import type { StateChange } from './stateChanges';

/** Every state that is written from now on, to runs that match as they are after the write. */
export async function* watchFlowRuns(
  { database, stateChanges }: Services,
  sent: FlowRunFilter | null,
): AsyncGenerator<StateChange> {
  const filter = compileFlowRunFilter(sent, database.dialect);
  for await (const changes of stateChanges.subscribe()) {
    const matching = await matchingFlowRunIds(
      database,
      changes.map(change => change.flowRunId),
      filter,
    );
    for (const change of changes) if (matching.has(change.flowRunId)) yield change;
  }
}
