import type { BulkOperation } from '../../domain/bulkOperation';
import { activeStatuses } from '../../domain/bulkOperationEnums';
import type { BulkOperationId } from '../../domain/identifiers';
import { addSeconds } from '../../domain/instant';
import { maxRunsTogether } from '../../domain/stateSize';
import { findNextDue } from '../../persistence/operations/batches';
import { findOperation } from '../../persistence/operations/operations';
import type { Services } from '../../transitions/services';
import { highestOrdinal } from '../batches';
import { failureWindowSize } from '../counts';
import { selectNextPage } from '../selection/selectNextPage';
import type { OperationSettings } from '../settings';
import { orWaitForServer } from './orWaitForServer';
import { planNextBatch } from './planBatch';
import { releaseRuns, reserveRuns } from './rate';
import { runOrSendBatch } from './runOrSendBatch';
import { type ServerFailures, sendNextBatch } from './sending/sendBatch';
import type { Turn } from './turn';

async function decideTurn(
  services: Services,
  settings: OperationSettings,
  operation: BulkOperation,
  serverFailures: ServerFailures,
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
  const turn = await runOrSendBatch(services, settings, operation, size, serverFailures);
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
  serverFailures: ServerFailures,
): Promise<Turn> {
  const operation = await findOperation(services.database.primary, id);
  if (operation === null) return nothingDone;
  const { status, selection } = operation;
  if (status === 'RUNNING') return decideTurn(services, settings, operation, serverFailures);
  if (status === 'PLANNING' && selection === null)
    return orWaitForServer(services, async () => ({
      done: await planNextBatch(services, settings, operation),
      until: null,
    }));
  if (activeStatuses.some(active => active === status))
    return { done: (await selectNextPage(services, settings, operation)) ? 1 : 0, until: null };
  const { sender } = services.executor;
  if (sender === null) return nothingDone;
  const turn = await orWaitForServer(services, () =>
    sendNextBatch(services, settings, operation, sender, settings.batchSize, serverFailures),
  );
  return turn.done > 0 || turn.until !== null
    ? turn
    : { done: 0, until: addSeconds(services.clock(), stoppedRestSeconds) };
}
