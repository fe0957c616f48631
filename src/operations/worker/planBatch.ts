import type { BulkOperation, BulkOperationItem } from '../../domain/bulkOperation';
import type { DeploymentId } from '../../domain/identifiers';
import { addSeconds } from '../../domain/instant';
import { isRetryable } from '../../persistence/connection/errorKind';
import type { SqlExecutor } from '../../persistence/connection/statements';
import { findStateId } from '../../persistence/flowRuns/facts';
import { markPlanned, takeBatchToPlan } from '../../persistence/operations/batches';
import { findItems, type ItemChange, writeItems } from '../../persistence/operations/items';
import { lockOperation, updateOperation } from '../../persistence/operations/operations';
import { isDatabaseUnavailable } from '../../transitions/databaseErrors';
import type { Services } from '../../transitions/services';
import { countsAfter, type ItemOutcome, outcomesAfter } from '../accounting';
import type { OperationSettings } from '../settings';
import { type DecidedItems, decideItems } from './decideItems';
import { failedVerdict } from './itemVerdicts';

function slotsAfter(
  before: BulkOperation['plannedSlots'],
  { batch }: DecidedItems['decided'],
): BulkOperation['plannedSlots'] {
  const after: Record<DeploymentId, number> = { ...before };
  for (const [id, by] of batch.concurrency.slots) after[id] = (after[id] ?? 0) + by;
  return after;
}

/** What a plan predicts of a batch, and the slots as its runs would leave them. */
type PredictedOutcome = Pick<DecidedItems, 'verdicts'> & Pick<BulkOperation, 'plannedSlots'>;

/** Foretells what the real rules decide of items; where that fails, ever fewer of them, until the runs that fail are alone. */
async function predictOrIsolate(
  services: Services,
  connection: SqlExecutor,
  operation: BulkOperation,
  items: readonly BulkOperationItem[],
  attempt: number,
): Promise<PredictedOutcome> {
  const { plannedSlots, id: operationId } = operation;
  try {
    const { verdicts, decided } = await decideItems(services, connection, operation, items, 'none', attempt);
    return { verdicts, plannedSlots: slotsAfter(plannedSlots, decided) };
  } catch (error) {
    if (isDatabaseUnavailable(error) || isRetryable(error)) throw error;
    services.reportError('runs could not be planned', error, { operationId, size: items.length });
    const [only, another] = items;
    if (only === undefined) throw error;
    if (another === undefined) {
      // Its state is kept in mind, so that it can still be moved once what failed is over.
      const previousStateId = await findStateId(connection, only.flowRunId);
      return { verdicts: new Map([[only.flowRunId, { ...failedVerdict, previousStateId }]]), plannedSlots };
    }
    const half = Math.ceil(items.length / 2);
    const first = await predictOrIsolate(services, connection, operation, items.slice(0, half), attempt);
    const rest = await predictOrIsolate(
      services,
      connection,
      { ...operation, plannedSlots: first.plannedSlots },
      items.slice(half),
      attempt,
    );
    return {
      verdicts: new Map([...first.verdicts, ...rest.verdicts]),
      plannedSlots: rest.plannedSlots,
    };
  }
}

/** What the plan predicts of an item, and the state that it was predicted on. */
function predict(verdicts: DecidedItems['verdicts'], before: ItemChange['before']): ItemChange {
  const verdict = verdicts.get(before.flowRunId);
  if (verdict === undefined) throw new Error('an item was not decided');
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
    // Somebody else plans it, and keeps the operation's row until then: there are other operations to serve meanwhile.
    if (batch === null) return 0;
    const operation = await lockOperation(database, connection, id);
    if (operation?.status !== 'PLANNING' || operation.selection !== null) return 0;
    const now = clock();
    const items = await findItems(connection, id, batch.firstOrdinal, batch.lastOrdinal);
    const predicted = await predictOrIsolate(services, connection, operation, items, attempt);
    const changes = items.map(item => predict(predicted.verdicts, item));
    await writeItems(database, connection, id, changes);
    await markPlanned(connection, batch, now);
    const outcomes = changes.map(outcomeOf);
    const counts = countsAfter(operation, outcomes);
    await updateOperation(connection, id, {
      ...counts,
      outcomes: outcomesAfter(operation.outcomes, outcomes),
      plannedSlots: predicted.plannedSlots,
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
