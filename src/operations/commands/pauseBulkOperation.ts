import { hasEnded } from '../../domain/bulkOperationEnums';
import type { BulkOperationId } from '../../domain/identifiers';
import type { Services } from '../../transitions/services';
import { alreadyEnded, type BulkOperationResult, refused } from './bulkOperationResult';
import { changeBulkOperation } from './changeBulkOperation';

/** Pauses an operation: workers begin no further batch. */
export const pauseBulkOperation = (
  services: Services,
  id: BulkOperationId,
  actor: string,
): Promise<BulkOperationResult> =>
  changeBulkOperation(services, id, { kind: 'PAUSE', actor }, operation => {
    if (hasEnded(operation)) return alreadyEnded(operation);
    const { status } = operation;
    if (status === 'QUEUED' || status === 'SELECTING' || status === 'RUNNING')
      return { status: 'PAUSED', pausedFor: 'REQUESTED' };
    const instead =
      status === 'PAUSED'
        ? 'Resume it, or cancel it'
        : `A plan moves nothing: ${status === 'PLANNED' ? 'start it with startPlannedBulkOperation' : 'wait until it is PLANNED'}, or cancel it`;
    return refused('NOT_RUNNING', `The operation is not running: it is ${status}. ${instead}.`);
  });
