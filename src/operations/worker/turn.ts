import type { BulkOperation } from '../../domain/bulkOperation';
import type { BulkOperationId } from '../../domain/identifiers';
import type { Instant } from '../../domain/instant';
import { maxRunsTogether } from '../../domain/stateSize';
import { errorKindOf } from '../../persistence/connection/errorKind';
import { findNextDue } from '../../persistence/operations/batches';
import { findOperation } from '../../persistence/operations/operations';
import type { Services } from '../../transitions/services';
import { failureWindowSize, highestOrdinal } from '../accounting';
import { selectNextPage } from '../selection/selectNextPage';
import type { OperationSettings } from '../settings';
import { deferBatch } from './deferBatch';
import { planNextBatch } from './planBatch';
import { releaseRuns, reserveRuns } from './rate';
import { type BatchChoice, BatchFailed, runNextBatch } from './runBatch';

/** What a turn has done. */
export interface Turn {
  /** How much was done; 0: nothing. */
  done: number;
  /** Until when there is nothing more to do; null: that is not known. */
  until: Instant | null;
}

/** Decides the next batch; where that fails, ever smaller parts of it, until the runs that fail are alone. */
async function decideOrIsolate(
  services: Services,
  settings: OperationSettings,
  operation: BulkOperation,
  choice: BatchChoice,
): Promise<number> {
  try {
    return await runNextBatch(services, settings, operation, choice);
  } catch (error) {
    if (!(error instanceof BatchFailed) || choice.givesUp) throw error;
    const { firstOrdinal: at, size } = error;
    const facts = { operationId: operation.id, at, size };
    if (errorKindOf(error.cause) === 'lockTimeout') {
      services.reportError('a batch of a bulk operation is put off', error.cause, facts);
      await deferBatch(services, operation.id, error);
      return 0;
    }
    services.reportError('a batch of a bulk operation failed', error.cause, facts);
    // One run by itself is tried once more, too, before it is given up.
    if (size === 1)
      return decideOrIsolate(services, settings, operation, { size, at, givesUp: choice.at !== undefined });
    const half = Math.ceil(size / 2);
    const first = await decideOrIsolate(services, settings, operation, { size: half, at });
    return (
      first + (await decideOrIsolate(services, settings, operation, { size: size - half, at: at + half }))
    );
  }
}

async function decideTurn(
  services: Services,
  settings: OperationSettings,
  operation: BulkOperation,
): Promise<Turn> {
  const { pauseAboveFailureRatio, state } = operation.definition;
  const wanted = Math.min(
    settings.batchSize,
    pauseAboveFailureRatio === null ? settings.batchSize : failureWindowSize,
    state === null ? settings.batchSize : maxRunsTogether(state),
  );
  const { size, until } =
    operation.runsPerSecond === null
      ? { size: wanted, until: null }
      : await reserveRuns(services, operation.id, wanted);
  if (size === 0) return { done: 0, until };
  const done = await decideOrIsolate(services, settings, operation, { size });
  if (operation.runsPerSecond !== null && done < size) await releaseRuns(services, operation, size - done);
  if (done > 0) return { done, until: null };
  return {
    done,
    until: await findNextDue(services.database.primary, operation.id, highestOrdinal(operation)),
  };
}

/** Takes one turn of an operation: a page of its selection, or a batch to plan or to decide. */
export async function takeTurn(
  services: Services,
  settings: OperationSettings,
  id: BulkOperationId,
): Promise<Turn> {
  const operation = await findOperation(services.database.primary, id);
  if (operation === null) return { done: 0, until: null };
  const { status, selection } = operation;
  if (status === 'RUNNING') return decideTurn(services, settings, operation);
  if (status === 'PLANNING' && selection === null)
    return { done: await planNextBatch(services, settings, operation), until: null };
  return { done: (await selectNextPage(services, settings, operation)) ? 1 : 0, until: null };
}
