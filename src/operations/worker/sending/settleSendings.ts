import type { BulkOperation, BulkOperationItem } from '../../../domain/bulkOperation';
import type { BulkOperationPause, BulkOperationStatus } from '../../../domain/bulkOperationEnums';
import type { FlowRunId } from '../../../domain/identifiers';
import type { Sending } from '../../../domain/sending';
import type { State } from '../../../domain/state';
import { retryOnDuplicateKey } from '../../../persistence/connection/retryOnDuplicateKey';
import type { SqlExecutor } from '../../../persistence/connection/statements';
import { storeStates } from '../../../persistence/mirror/storeStates';
import { type ItemChange, writeItems } from '../../../persistence/operations/items';
import { deleteSendings, type StoredSending, writeSendings } from '../../../persistence/operations/sendings';
import { isFaultOfDatabase } from '../../../transitions/databaseErrors';
import type { Services } from '../../../transitions/services';
import type { OperationSettings } from '../../settings';
import { maxServerWaitSeconds } from '../dueTimes';
import { type IsolatedWork, isolateFailures } from '../isolateFailures';
import type { ItemVerdict } from '../itemVerdicts';
import { type SeparatedItems, separateWaiting } from '../separateWaiting';
import { OperationEnded, settleBatch } from '../settleBatch';
import { type ClaimedBatch, isStillClaimed } from './claimBatch';
import type { ItemFate } from './judgeOutcome';

/** What is known of the items of a claimed batch, after a try to send them. */
interface SentBatch {
  /** The verdicts of items that needed no server. */
  verdicts: ReadonlyMap<FlowRunId, ItemVerdict>;
  sendings: ReadonlyMap<FlowRunId, Sending>;
  fates: ReadonlyMap<FlowRunId, ItemFate>;
  /** The states that the server wrote. */
  written: readonly { flowRunId: FlowRunId; state: State }[];
  /** Why the operation is to pause; null: it goes on. */
  pause: BulkOperationPause | null;
}

/** Sorts the items of a batch: decided ones by their verdicts, the others into batches that are due later. */
function sortSent(
  services: Services,
  operation: BulkOperation,
  settings: OperationSettings,
  { batch, items }: ClaimedBatch,
  { verdicts, fates }: SentBatch,
): SeparatedItems {
  const settled = new Map(verdicts);
  const later: { change: ItemChange; afterSeconds: number }[] = [];
  for (const before of items) {
    const fate = fates.get(before.flowRunId);
    if (fate === undefined) continue;
    if (fate.kind === 'settled') settled.set(before.flowRunId, fate.verdict);
    else {
      const status = fate.kind === 'stillSent' ? 'SENDING' : 'PENDING';
      later.push({ change: { before, after: { ...before, status } }, afterSeconds: fate.afterSeconds });
    }
  }
  const isSettled = (item: BulkOperationItem) => settled.has(item.flowRunId);
  const now = services.clock();
  const separated = separateWaiting(
    { operation, batch, now },
    settings.retryWaitSeconds,
    items.filter(isSettled),
    settled,
  );
  for (const { change, afterSeconds } of later) {
    const seconds = Math.min(maxServerWaitSeconds, Math.ceil(afterSeconds));
    separated.waiting.set(seconds, [...(separated.waiting.get(seconds) ?? []), change]);
  }
  return separated;
}

/** The rows of the sendings as they are after this try. */
function storedSendings(
  { batch }: ClaimedBatch,
  { sendings, fates }: SentBatch,
  settled: StoredSending['settled'],
) {
  const stored: StoredSending[] = [];
  const dropped: FlowRunId[] = [];
  for (const [flowRunId, content] of sendings) {
    const fate = fates.get(flowRunId);
    const row = { operationId: batch.operationId, flowRunId, content };
    if (fate === undefined || fate.kind === 'pendingAgain') dropped.push(flowRunId);
    else if (fate.kind === 'stillSent') {
      const { tries, failuresAlike, lastFailure } = fate;
      stored.push({ ...row, tries, failuresAlike, lastFailure, settled: null, movedAnotherState: false });
    } else {
      const { movedAnotherState } = fate;
      stored.push({ ...row, tries: 0, failuresAlike: 0, lastFailure: null, settled, movedAnotherState });
    }
  }
  return { stored, dropped };
}

/**
 * Stores the states that the server wrote, before the items that name them. One that cannot be stored here was written all the
 * same: its item gets its verdict, and the other states are stored.
 */
async function storeWritten(
  services: Services,
  { id, actor }: BulkOperation,
  written: SentBatch['written'],
): Promise<void> {
  const { database, reportError } = services;
  const author = { actor, bulkOperationId: id };
  const rows = written.map(({ flowRunId, state }) => ({ flowRunId, state: { ...state, ...author } }));
  const isolated: IsolatedWork<void> = {
    // The mirror may store a state at the same moment.
    work: ({ first = 0, size }) =>
      retryOnDuplicateKey(database, () =>
        database.transaction(connection =>
          storeStates(database, connection, rows.slice(first, first + size)),
        ),
      ),
    async handleFailure(error, { first = 0, size }) {
      if (isFaultOfDatabase(error)) throw error;
      reportError('states of moved runs could not be stored', error, { operationId: id, size });
      return { first, size };
    },
    giveUp: async () => undefined,
  };
  if (rows.length > 0) await isolateFailures(isolated, { first: 0, size: rows.length }, undefined);
}

async function settle(
  services: Services,
  settings: OperationSettings,
  operation: BulkOperation,
  claimed: ClaimedBatch,
  sent: SentBatch,
  { connection, attempt }: { connection: SqlExecutor; attempt: number },
): Promise<BulkOperationStatus | null> {
  if (!(await isStillClaimed(connection, claimed))) throw new OperationEnded();
  const now = services.clock();
  const { batch } = claimed;
  const { stored, dropped } = storedSendings(claimed, sent, now);
  await deleteSendings(connection, operation.id, dropped);
  await writeSendings(connection, operation.id, stored);
  const separated = sortSent(services, operation, settings, claimed, sent);
  await writeItems(services.database, connection, operation.id, separated.decided);
  const inProgress = { services, connection, attempt, operation, batch, lastOrdinal: batch.lastOrdinal, now };
  return settleBatch(inProgress, separated, { pause: sent.pause, isDoneElsewhere: true });
}

/**
 * Records what became of a claimed batch: verdicts, states, what is looked after again, counts and status. What a worker that died
 * left behind is claimed like any other batch (`claimBatch.ts`) and ends here too.
 *
 * @returns the new status of the operation, null where it stays; false where another worker has the batch by now.
 */
export async function settleSendings(
  services: Services,
  settings: OperationSettings,
  operation: BulkOperation,
  claimed: ClaimedBatch,
  sent: SentBatch,
): Promise<BulkOperationStatus | null | false> {
  await storeWritten(services, operation, sent.written);
  try {
    return await services.database.transaction((connection, attempt) =>
      settle(services, settings, operation, claimed, sent, { connection, attempt }),
    );
  } catch (error) {
    if (error instanceof OperationEnded) return false;
    throw error;
  }
}
