import type { Services } from '../app/services';
import type { BulkOperation } from '../domain/bulkOperation';
import type { DeploymentId } from '../domain/identifiers';
import { addSeconds } from '../domain/instant';
import { markPlanned, takeBatchToPlan } from '../persistence/ledger/batches';
import { findItems, type ItemChange, writeItems } from '../persistence/ledger/items';
import { lockOperation, updateOperation } from '../persistence/ledger/operations';
import { countsAfter, type ItemOutcome, outcomesAfter } from './accounting';
import { type DecidedItems, decideItems } from './decideItems';
import type { OperationSettings } from './settings';

function slotsAfter(
  before: BulkOperation['plannedSlots'],
  { decided }: DecidedItems,
): BulkOperation['plannedSlots'] {
  const after: Record<DeploymentId, number> = { ...before };
  for (const [id, by] of decided.batch.concurrency.slots) after[id] = (after[id] ?? 0) + by;
  return after;
}

/** What the plan foretells of an item, and the state that it was foretold on. */
function foretell(verdicts: DecidedItems['verdicts'], before: ItemChange['before']): ItemChange {
  const verdict = verdicts.get(before.flowRunId);
  if (verdict === undefined || verdict.status === 'PASSED') throw new Error('an item was not decided');
  return {
    before,
    after: {
      ...before,
      plannedStatus: verdict.status,
      plannedCode: verdict.code,
      plannedReason: verdict.reason,
      expectedStateId: verdict.previousStateId,
    },
  };
}

const outcomeOf = ({ after }: ItemChange): ItemOutcome => ({
  flowRunId: after.flowRunId,
  from: 'PENDING',
  status: after.plannedStatus ?? 'PENDING',
  code: after.plannedCode,
});

/**
 * Decides the next batch of a plan by the real rules, and writes down what was decided, but no state. Slots are shared
 * with all the runs before it, so that batches go one after the other. Answers how many items it took; 0: none now.
 */
export async function planNextBatch(
  services: Services,
  settings: OperationSettings,
  { id }: BulkOperation,
): Promise<number> {
  const { database, clock } = services;
  const planned = await database.transaction(async (connection, attempt) => {
    const batch = await takeBatchToPlan(database, connection, id);
    const operation = await lockOperation(database, connection, id);
    if (operation?.status !== 'PLANNING' || operation.selection !== null) return 0;
    const now = clock();
    if (batch === null) return 0;
    const items = await findItems(connection, id, batch.firstOrdinal, batch.lastOrdinal);
    const decision = await decideItems(services, connection, operation, items, 'look', attempt);
    const changes = items.map(item => foretell(decision.verdicts, item));
    await writeItems(database, connection, id, changes);
    await markPlanned(connection, batch, now);
    const outcomes = changes.map(outcomeOf);
    const counts = countsAfter(operation, outcomes);
    await updateOperation(connection, id, {
      ...counts,
      outcomes: outcomesAfter(operation.outcomes, outcomes),
      plannedSlots: slotsAfter(operation.plannedSlots, decision),
      ...(counts.pending === 0 && {
        status: 'PLANNED',
        planned: now,
        expires: addSeconds(now, settings.planSeconds),
      }),
    });
    return items.length;
  });
  if (planned > 0) services.operationSignals.notify(id);
  return planned;
}
