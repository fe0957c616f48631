import type { BulkOperation, BulkOperationItem } from '../../domain/bulkOperation';
import type { DeploymentId, FlowRunId } from '../../domain/identifiers';
import { addSeconds, type Instant } from '../../domain/instant';
import { isRetryable } from '../../persistence/connection/errorKind';
import type { SqlExecutor } from '../../persistence/connection/statements';
import { findStateId } from '../../persistence/flowRuns/facts';
import { findBatchToPlan, markPlanned, takeBatchToPlan } from '../../persistence/operations/batches';
import { findItems, type ItemChange, writeItems } from '../../persistence/operations/items';
import { lockOperation, updateOperation } from '../../persistence/operations/operations';
import { isDatabaseUnavailable } from '../../transitions/databaseErrors';
import type { Services } from '../../transitions/services';
import { countsAfter, type ItemOutcome, outcomesAfter } from '../counts';
import type { OperationSettings } from '../settings';
import { type DecidedItems, decideItems } from './decideItems';
import { type IsolatedWork, isolateFailures } from './isolateFailures';
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

/** Predicts what the real rules decide of items; runs that cannot be decided are predicted to fail, alone. */
function predictItems(
  services: Services,
  connection: SqlExecutor,
  operation: BulkOperation,
  items: readonly BulkOperationItem[],
  attempt: number,
): Promise<PredictedOutcome> {
  const isolated: IsolatedWork<PredictedOutcome> = {
    async work({ first = 0, size }, { verdicts, plannedSlots }) {
      const part = items.slice(first, first + size);
      const seen = { ...operation, plannedSlots };
      const decision = await decideItems(services, connection, seen, part, 'plan', attempt);
      return {
        verdicts: new Map([...verdicts, ...decision.verdicts]),
        plannedSlots: slotsAfter(plannedSlots, decision.decided),
      };
    },
    async handleFailure(error, { first = 0, size }) {
      if (size === 0 || isDatabaseUnavailable(error) || isRetryable(error)) throw error;
      services.reportError('runs could not be planned', error, { operationId: operation.id, size });
      return { first, size };
    },
    async giveUp(index, { verdicts, plannedSlots }) {
      const item = items[index];
      if (item === undefined) throw new Error('an item that failed is none of the batch');
      // The plan records its state, so that the run can still be moved once the cause of the failure is gone.
      const previousStateId = await findStateId(connection, item.flowRunId);
      return {
        verdicts: new Map([...verdicts, [item.flowRunId, { ...failedVerdict, previousStateId }]]),
        plannedSlots,
      };
    },
  };
  const nothing = { verdicts: new Map(), plannedSlots: operation.plannedSlots };
  return isolateFailures(isolated, { first: 0, size: items.length }, nothing);
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

/** The runs of the batch that is planned next; none where no batch is left. */
async function findNextRuns({ database }: Services, id: BulkOperation['id']): Promise<FlowRunId[]> {
  const batch = await findBatchToPlan(database.primary, id);
  if (batch === null) return [];
  const items = await findItems(database.primary, id, batch.firstOrdinal, batch.lastOrdinal);
  return items.map(item => item.flowRunId);
}

const earlier = (one: Instant | null, other: Instant | null): Instant | null =>
  one !== null && (other === null || one < other) ? one : other;

/**
 * Decides the next batch of a plan by the real rules, and writes down what was decided, but no state. Slots are shared
 * with all the runs before it, so that batches are planned one after the other.
 *
 * @returns how many items it planned; 0: there is none to plan now.
 */
export async function planNextBatch(
  services: Services,
  settings: OperationSettings,
  { id }: BulkOperation,
): Promise<number> {
  const { database, clock, executor } = services;
  // Outside of the transaction, which would hold its locks while another server is asked.
  const readAt = await executor.refresh(services, () => findNextRuns(services, id));
  const planned = await database.transaction(async (connection, attempt) => {
    const batch = await takeBatchToPlan(connection, id);
    // Another worker plans it and holds the operation's row until then: there are other operations to serve meanwhile.
    if (batch === null) return 0;
    const operation = await lockOperation(connection, id);
    if (operation?.status !== 'PLANNING' || operation.selection !== null) return 0;
    const now = clock();
    const items = await findItems(connection, id, batch.firstOrdinal, batch.lastOrdinal);
    const predicted = await predictItems(services, connection, operation, items, attempt);
    const changes = items.map(item => predict(predicted.verdicts, item));
    await writeItems(database, connection, id, changes);
    await markPlanned(connection, batch, now);
    const outcomes = changes.map(outcomeOf);
    const counts = countsAfter(operation, outcomes);
    await updateOperation(connection, id, {
      ...counts,
      outcomes: outcomesAfter(operation.outcomes, outcomes),
      plannedSlots: predicted.plannedSlots,
      rowsReadAt: earlier(operation.rowsReadAt, readAt),
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
