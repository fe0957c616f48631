import type { BulkOperation } from '../../domain/bulkOperation';
import { activeStatuses } from '../../domain/bulkOperationEnums';
import type { BulkOperationId } from '../../domain/identifiers';
import { addSeconds } from '../../domain/instant';
import { maxRunsTogether } from '../../domain/stateSize';
import { errorKindOf } from '../../persistence/connection/errorKind';
import { findNextDue } from '../../persistence/operations/batches';
import { findOperation } from '../../persistence/operations/operations';
import { isDatabaseUnavailable } from '../../transitions/databaseErrors';
import type { Services } from '../../transitions/services';
import { highestOrdinal } from '../batches';
import { failureWindowSize } from '../counts';
import { selectNextPage } from '../selection/selectNextPage';
import type { OperationSettings } from '../settings';
import { deferLockedBatch } from './deferLockedBatch';
import { type IsolatedWork, isolateFailures } from './isolateFailures';
import { planNextBatch } from './planBatch';
import { releaseRuns, reserveRuns } from './rate';
import { BatchFailed, runBatch } from './runBatch';
import { type FailuresInARow, sendNextBatch } from './sending/sendBatch';
import type { Turn } from './turn';

/**
 * Decides the next batch. Where that fails it decides ever smaller parts of it, until the runs that fail are alone; a batch
 * whose rows are locked is deferred.
 *
 * @returns how many items were decided.
 */
function decideNext(
  services: Services,
  settings: OperationSettings,
  operation: BulkOperation,
  wanted: number,
): Promise<number> {
  const isolated: IsolatedWork<number> = {
    work: async ({ first: at, size }, done) =>
      done + (await runBatch(services, settings, operation, { size, at })),
    async handleFailure(error) {
      if (!(error instanceof BatchFailed) || isDatabaseUnavailable(error)) throw error;
      const { firstOrdinal: first, size, cause } = error;
      const facts = { operationId: operation.id, at: first, size };
      if (errorKindOf(error) === 'lockTimeout') {
        services.reportError(
          'a batch of a bulk operation is deferred, because another transaction holds its rows',
          cause,
          facts,
        );
        await deferLockedBatch(services, operation.id, error);
        return null;
      }
      services.reportError('a batch of a bulk operation failed', cause, facts);
      return { first, size };
    },
    giveUp: async (at, done) =>
      done + (await runBatch(services, settings, operation, { size: 1, at, givesUp: true })),
  };
  return isolateFailures(isolated, { size: wanted }, 0);
}

/** Carries out the next batch: in a transaction that writes everything, or by a sender. */
async function carryOutNext(
  services: Services,
  settings: OperationSettings,
  operation: BulkOperation,
  wanted: number,
  failuresInARow: FailuresInARow,
): Promise<Turn> {
  const { sender } = services.executor;
  return sender === null
    ? { done: await decideNext(services, settings, operation, wanted), until: null }
    : sendNextBatch(services, settings, operation, sender, wanted, failuresInARow);
}

async function decideTurn(
  services: Services,
  settings: OperationSettings,
  operation: BulkOperation,
  failuresInARow: FailuresInARow,
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
  const turn = await carryOutNext(services, settings, operation, size, failuresInARow);
  const { done } = turn;
  if (operation.runsPerSecond !== null && done < size) await releaseRuns(services, operation, size - done);
  if (done > 0 || turn.until !== null) return turn;
  return {
    done,
    until: await findNextDue(services.database.primary, operation.id, highestOrdinal(operation)),
  };
}

/** How long a stopped operation is left alone whose transitions have no known result yet. */
const stoppedRestSeconds = 1;

const nothingDone: Turn = { done: 0, until: null };

/**
 * Takes one turn of an operation: a page of its selection, or a batch to plan or to decide. An operation that was stopped has
 * one only where transitions of it were sent, and their results are not known.
 */
export async function takeTurn(
  services: Services,
  settings: OperationSettings,
  id: BulkOperationId,
  failuresInARow: FailuresInARow,
): Promise<Turn> {
  const operation = await findOperation(services.database.primary, id);
  if (operation === null) return nothingDone;
  const { status, selection } = operation;
  if (status === 'RUNNING') return decideTurn(services, settings, operation, failuresInARow);
  if (status === 'PLANNING' && selection === null)
    return { done: await planNextBatch(services, settings, operation), until: null };
  if (activeStatuses.some(active => active === status))
    return { done: (await selectNextPage(services, settings, operation)) ? 1 : 0, until: null };
  const { sender } = services.executor;
  if (sender === null) return nothingDone;
  const turn = await sendNextBatch(services, settings, operation, sender, settings.batchSize, failuresInARow);
  return turn.done > 0 || turn.until !== null
    ? turn
    : { done: 0, until: addSeconds(services.clock(), stoppedRestSeconds) };
}
