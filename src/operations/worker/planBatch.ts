import type { BulkOperation } from '../../domain/bulkOperation';
import type { DeploymentId, FlowRunId } from '../../domain/identifiers';
import { addSeconds, type Instant } from '../../domain/instant';
import type { SqlExecutor } from '../../persistence/connection/statements';
import { findStateId } from '../../persistence/flowRuns/facts';
import { markPlanned, takeBatchToPlan } from '../../persistence/operations/batches';
import { findItems, type ItemChange, writeItems } from '../../persistence/operations/items';
import { lockOperation, updateOperation } from '../../persistence/operations/operations';
import { isFaultOfDatabase } from '../../transitions/databaseErrors';
import type { Services } from '../../transitions/services';
import { CredentialsRefusedError } from '../../transitions/transitionSender';
import { countsAfter, type ItemOutcome, outcomesAfter } from '../counts';
import type { OperationSettings } from '../settings';
import { type DecidedItems, decideItems } from './decideItems';
import { failPlan } from './failPlan';
import { type IsolatedWork, isolateFailures } from './isolateFailures';
import { failedVerdict, type ItemVerdict } from './itemVerdicts';
import { type ReadForPlan, readNextRuns } from './readNextRuns';
import { type ItemsByRead, splitByRead } from './splitByRead';

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

/** A verdict without a decision. It records the state of the run, so that this can still be moved once the cause of the failure is gone. */
const withState = async (
  connection: SqlExecutor,
  flowRunId: FlowRunId,
  verdict: ItemVerdict,
): Promise<[FlowRunId, ItemVerdict]> => [
  flowRunId,
  { ...verdict, previousStateId: await findStateId(connection, flowRunId) },
];

/** Predicts what the real rules decide of items; runs that cannot be read again or decided are predicted to fail, alone. */
async function predictItems(
  services: Services,
  connection: SqlExecutor,
  operation: BulkOperation,
  { read: items, verdicts: unread }: ItemsByRead,
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
      if (size === 0 || isFaultOfDatabase(error)) throw error;
      services.reportError('runs could not be planned', error, { operationId: operation.id, size });
      return { first, size };
    },
    async giveUp(index, { verdicts, plannedSlots }) {
      const item = items[index];
      if (item === undefined) throw new Error('an item that failed is none of the batch');
      const given = await withState(connection, item.flowRunId, failedVerdict);
      return { verdicts: new Map([...verdicts, given]), plannedSlots };
    },
  };
  let before: PredictedOutcome = { verdicts: new Map(), plannedSlots: operation.plannedSlots };
  for (const [flowRunId, verdict] of unread) {
    const given = await withState(connection, flowRunId, verdict);
    before = { ...before, verdicts: new Map([...before.verdicts, given]) };
  }
  return items.length === 0 ? before : isolateFailures(isolated, { first: 0, size: items.length }, before);
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

const earlier = (one: Instant | null, other: Instant | null): Instant | null =>
  one !== null && (other === null || one < other) ? one : other;

/** Plans the next batch, where it is the one whose rows were read; returns how many items it planned. */
async function planRead(
  services: Services,
  settings: OperationSettings,
  { id }: BulkOperation,
  read: ReadForPlan | null,
): Promise<number> {
  const { database, clock } = services;
  return database.transaction(async (connection, attempt) => {
    const batch = await takeBatchToPlan(connection, id);
    // Another worker plans it and holds the operation's row until then: there are other operations to serve meanwhile.
    if (batch === null) return 0;
    // Another worker planned the batch whose rows were read.
    if (read !== null && batch.firstOrdinal !== read.firstOrdinal) return 0;
    const operation = await lockOperation(connection, id);
    if (operation?.status !== 'PLANNING' || operation.selection !== null) return 0;
    const now = clock();
    const items = await findItems(connection, id, batch.firstOrdinal, batch.lastOrdinal);
    const predicted = await predictItems(
      services,
      connection,
      operation,
      splitByRead(items, read?.unread ?? new Map()),
      attempt,
    );
    const changes = items.map(item => predict(predicted.verdicts, item));
    await writeItems(database, connection, id, changes);
    await markPlanned(connection, batch, now);
    const outcomes = changes.map(outcomeOf);
    const counts = countsAfter(operation, outcomes);
    await updateOperation(connection, id, {
      ...counts,
      outcomes: outcomesAfter(operation.outcomes, outcomes),
      plannedSlots: predicted.plannedSlots,
      rowsReadAt: earlier(operation.rowsReadAt, read?.readAt ?? null),
      ...(counts.pending === 0 && {
        status: 'PLANNED',
        planned: now,
        expires: addSeconds(now, settings.planSeconds),
      }),
    });
    return items.length;
  });
}

/**
 * Decides the next batch of a plan by the real rules, and writes down what was decided, but no state. Slots are shared
 * with all the runs before it, so that batches are planned one after the other. Where the server does not accept the
 * credentials, the plan ends with the reason.
 *
 * @returns how many items it planned; 0: there is none to plan now.
 * @throws SwitchyardError UNAVAILABLE where the server cannot be asked now.
 */
export async function planNextBatch(
  services: Services,
  settings: OperationSettings,
  operation: BulkOperation,
): Promise<number> {
  try {
    // Outside of the transaction, which would hold its locks while another server is asked.
    const read = await readNextRuns(services, operation.id);
    const planned = await planRead(services, settings, operation, read);
    if (planned > 0) services.operationSignals.notify(operation.id);
    return planned;
  } catch (error) {
    if (!(error instanceof CredentialsRefusedError)) throw error;
    services.reportUnavailable('a plan ends', error);
    await failPlan(
      services,
      operation,
      'The Prefect server does not accept the credentials of the gateway, so the runs could not be read. Plan again when it does.',
    );
    return 0;
  }
}
