import type { BeforeTransition, BulkOperation, BulkOperationItem } from '../../domain/bulkOperation';
import type { Decision } from '../../domain/decision';
import type { FlowRunFacts } from '../../domain/facts';
import type { FlowRunId, StateId } from '../../domain/identifiers';
import type { State } from '../../domain/state';
import { beforeTransition } from '../../orchestration/beforeTransition';
import type { Restoration } from '../../orchestration/undo';
import type { SqlExecutor } from '../../persistence/connection/statements';
import { findFlowRunStatesByIds, findTaskRunStatesByIds } from '../../persistence/flowRuns/rowsById';
import { findItemsOfRuns, findMovedItemsBelow } from '../../persistence/operations/items';
import type { DecidedBatch } from '../../transitions/decideFlowRuns';

/** What task runs had before the operation first moved them, by the states that it gave them last. */
type FirstCopies = ReadonlyMap<StateId, NonNullable<BeforeTransition['parentTaskRun']>>;

/** Looks up which parent task runs of a batch the operation has moved before, for runs of other batches that share them. */
export async function findFirstCopies(
  connection: SqlExecutor,
  { id, started }: BulkOperation,
  { runs }: DecidedBatch,
): Promise<FirstCopies> {
  const parents = [...runs.values()].map(run => run.parentTaskRun).filter(parent => parent !== null);
  // Most have no other run, and were last moved before the operation began.
  const moved = parents.filter(
    ({ stateTimestamp }) => stateTimestamp !== null && started !== null && stateTimestamp >= started,
  );
  const items = await findMovedItemsBelow(connection, id, [...new Set(moved.map(parent => parent.id))]);
  const copies = items.map(({ before }) => before?.parentTaskRun).filter(copy => copy !== undefined);
  return new Map(copies.map(copy => [copy.stateId, copy]));
}

/** What an undo of a decision will need. A parent task run goes back to what it had before the whole operation. */
export function beforeOf(
  run: FlowRunFacts,
  decision: Decision,
  firstCopies: FirstCopies,
): BeforeTransition | null {
  const before = beforeTransition(run, decision);
  const first = run.parentTaskRun?.stateId ? firstCopies.get(run.parentTaskRun.stateId) : undefined;
  if (!before?.parentTaskRun || first === undefined) return before;
  const { parentTaskRun } = before;
  const columns = { ...parentTaskRun.columns, ...first.columns };
  return { ...before, parentTaskRun: { ...parentTaskRun, previousStateId: first.previousStateId, columns } };
}

const byStateId = (states: readonly State[]): Map<StateId, State> =>
  new Map(states.map(state => [state.id, state]));

/** What the runs of these items had before the operation that is undone. */
export async function findRestorations(
  connection: SqlExecutor,
  restores: NonNullable<BulkOperation['restores']>,
  items: readonly BulkOperationItem[],
): Promise<Map<FlowRunId, Restoration>> {
  const earlier = await findItemsOfRuns(
    connection,
    restores,
    items.map(item => item.flowRunId),
  );
  const present = (ids: (StateId | null | undefined)[]) => ids.filter(id => id !== null && id !== undefined);
  const states = byStateId(
    await findFlowRunStatesByIds(connection, present(earlier.map(item => item.previousStateId))),
  );
  const parentStates = byStateId(
    await findTaskRunStatesByIds(
      connection,
      present(earlier.map(item => item.before?.parentTaskRun?.previousStateId)),
    ),
  );
  return new Map(
    earlier.flatMap(({ flowRunId, before, previousStateId }): [FlowRunId, Restoration][] => {
      if (before === null) return [];
      const parentStateId = before.parentTaskRun?.previousStateId ?? null;
      return [
        [
          flowRunId,
          {
            before,
            previousState: (previousStateId && states.get(previousStateId)) ?? null,
            parentPreviousState: (parentStateId && parentStates.get(parentStateId)) ?? null,
          },
        ],
      ];
    }),
  );
}
