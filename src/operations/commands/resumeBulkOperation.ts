import { hasEnded } from '../../domain/bulkOperationEnums';
import type { BulkOperationId } from '../../domain/identifiers';
import type { Services } from '../../transitions/services';
import { alreadyEnded, type BulkOperationResult, refused } from './bulkOperationResult';
import { changeBulkOperation } from './changeBulkOperation';

/** Resumes a paused operation. A canary has then passed, and the window of failures is empty. */
export const resumeBulkOperation = (
  services: Services,
  id: BulkOperationId,
  actor: string,
): Promise<BulkOperationResult> =>
  changeBulkOperation(services, id, { kind: 'RESUME', actor }, operation => {
    if (hasEnded(operation)) return alreadyEnded(operation);
    const { status, pausedFor, selection, started } = operation;
    if (status !== 'PAUSED') {
      const instead =
        status === 'PLANNED'
          ? 'Start it with startPlannedBulkOperation'
          : 'It goes on by itself: watch it, or cancel it';
      return refused('NOT_PAUSED', `The operation is not paused: it is ${status}. ${instead}.`);
    }
    return {
      status: started === null ? 'QUEUED' : selection === null ? 'RUNNING' : 'SELECTING',
      pausedFor: null,
      failureWindow: '',
      ...(pausedFor === 'CANARY' && { canaryPassed: true }),
    };
  });
