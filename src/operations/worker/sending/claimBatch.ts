import type { BulkOperation, BulkOperationBatch, BulkOperationItem } from '../../../domain/bulkOperation';
import type { FlowRunId } from '../../../domain/identifiers';
import { addSeconds, type Instant } from '../../../domain/instant';
import type { SqlExecutor } from '../../../persistence/connection/statements';
import {
  deferBatch,
  insertBatches,
  lockBatch,
  takeBatch,
  takeBatchHolding,
} from '../../../persistence/operations/batches';
import { findItems } from '../../../persistence/operations/items';
import {
  findFirstSending,
  findUnsettledSendings,
  type StoredSending,
} from '../../../persistence/operations/sendings';
import type { Services } from '../../../transitions/services';
import { highestOrdinal } from '../../batches';
import type { OperationSettings } from '../../settings';
import { dueTimes } from '../dueTimes';

/** A batch that one worker has for itself, outside of any transaction. */
export interface ClaimedBatch {
  /** `due` is when others may take it. */
  batch: BulkOperationBatch & { due: Instant };
  /** All such instants that this worker set: by one of them the stored batch is known as its own. */
  dues: ReadonlySet<Instant>;
  items: readonly BulkOperationItem[];
  /** What was sent of them before, and has no known result yet. */
  sendings: ReadonlyMap<FlowRunId, StoredSending>;
}

/** The next batch of a running operation; of any other only one with items whose results are not known. */
async function take(
  connection: SqlExecutor,
  { clock }: Services,
  settings: OperationSettings,
  operation: BulkOperation,
): Promise<BulkOperationBatch | null> {
  const due = dueTimes(clock(), settings);
  if (operation.status === 'RUNNING')
    return takeBatch(connection, operation.id, due, highestOrdinal(operation));
  const sent = await findFirstSending(connection, operation.id);
  return sent === null ? null : takeBatchHolding(connection, operation.id, sent, due);
}

/** Claims the next batch, or its first `size` items; null: there is none to send now. */
export const claimBatch = (
  services: Services,
  settings: OperationSettings,
  operation: BulkOperation,
  size: number,
): Promise<ClaimedBatch | null> =>
  services.database.transaction(
    async connection => {
      const found = await take(connection, services, settings, operation);
      if (found === null) return null;
      const lastOrdinal = Math.min(found.lastOrdinal, found.firstOrdinal + size - 1);
      const batch = { ...found, lastOrdinal, due: addSeconds(services.clock(), settings.claimSeconds) };
      await deferBatch(connection, batch, lastOrdinal, batch.due);
      if (lastOrdinal < found.lastOrdinal)
        await insertBatches(connection, [{ ...found, firstOrdinal: lastOrdinal + 1 }]);
      const items = await findItems(connection, operation.id, batch.firstOrdinal, lastOrdinal);
      const sent = await findUnsettledSendings(
        connection,
        operation.id,
        items.filter(item => item.status === 'SENDING').map(item => item.flowRunId),
      );
      const dues = new Set([batch.due]);
      return { batch, dues, items, sendings: new Map(sent.map(sending => [sending.flowRunId, sending])) };
    },
    { onLockTimeout: 'throw' },
  );

/** Locks a claimed batch until the transaction ends; false where another worker has claimed it since. */
export async function isStillClaimed(connection: SqlExecutor, claimed: ClaimedBatch): Promise<boolean> {
  const { operationId, firstOrdinal } = claimed.batch;
  const found = await lockBatch(connection, operationId, firstOrdinal);
  // Read after the wait for the lock: what held it may have been an extension of this very claim.
  return found !== null && found.due !== null && claimed.dues.has(found.due);
}

/** Whether no other worker can claim the batch for some seconds, by this program's clock. */
export const isClaimValid = ({ clock }: Services, { batch }: ClaimedBatch, forSeconds: number): boolean =>
  addSeconds(clock(), forSeconds) < batch.due;

/** Gives a claimed batch back: anybody may take it from an instant on. */
export const releaseBatch = (
  { database, clock }: Services,
  claimed: ClaimedBatch,
  afterSeconds: number,
): Promise<void> =>
  database.transaction(async connection => {
    if (!(await isStillClaimed(connection, claimed))) return;
    const { batch } = claimed;
    await deferBatch(connection, batch, batch.lastOrdinal, addSeconds(clock(), afterSeconds));
  });

/** For how long a claim is extended, and how often. */
interface ClaimTimes {
  claimSeconds: number;
  everySeconds: number;
}

/** Does work on a claimed batch, and extends the claim for as long as it takes. */
export async function whileClaimed<Result>(
  services: Services,
  { claimSeconds, everySeconds }: ClaimTimes,
  claimed: ClaimedBatch,
  work: () => Promise<Result>,
): Promise<Result> {
  const { database, clock, reportUnavailable } = services;
  let extending: Promise<void> = Promise.resolve();
  async function extend(): Promise<void> {
    const due = addSeconds(clock(), claimSeconds);
    const isExtended = await database.transaction(async connection => {
      if (!(await isStillClaimed(connection, claimed))) return false;
      // Before the commit: from then on others see it.
      claimed.dues = new Set([...claimed.dues, due]);
      await deferBatch(connection, claimed.batch, claimed.batch.lastOrdinal, due);
      return true;
    });
    if (isExtended) claimed.batch = { ...claimed.batch, due };
  }
  const timer = setInterval(() => {
    extending = extending
      .then(extend)
      .catch((error: unknown) => reportUnavailable('a claim on a batch could not be extended', error));
  }, everySeconds * 1000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await extending;
  }
}
