import type { BulkOperation } from '../../domain/bulkOperation';
import { errorKindOf } from '../../persistence/connection/errorKind';
import { isDatabaseUnavailable } from '../../transitions/databaseErrors';
import type { Services } from '../../transitions/services';
import type { OperationSettings } from '../settings';
import { deferLockedBatch } from './deferLockedBatch';
import { type IsolatedWork, isolateFailures } from './isolateFailures';
import { orWaitForServer } from './orWaitForServer';
import { BatchFailed, runBatch } from './runBatch';
import { type ServerFailures, sendNextBatch } from './sending/sendBatch';
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

/**
 * Chooses how the next batch of an operation is carried out: `runBatch` writes everything in one transaction; where runs belong
 * to a Prefect server, `sendNextBatch` sends their transitions to it.
 *
 * @param wanted how many items it may take.
 */
export async function runOrSendBatch(
  services: Services,
  settings: OperationSettings,
  operation: BulkOperation,
  wanted: number,
  serverFailures: ServerFailures,
): Promise<Turn> {
  const { sender } = services.executor;
  return sender === null
    ? { done: await decideNext(services, settings, operation, wanted), until: null }
    : orWaitForServer(services, () =>
        sendNextBatch(services, settings, operation, sender, wanted, serverFailures),
      );
}
