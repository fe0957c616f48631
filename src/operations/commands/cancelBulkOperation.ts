import { hasEnded } from '../../domain/bulkOperationEnums';
import type { BulkOperationId } from '../../domain/identifiers';
import type { Services } from '../../transitions/services';
import { alreadyEnded, type BulkOperationResult } from './bulkOperationResult';
import { changeBulkOperation } from './changeBulkOperation';

/** Ends an operation: what is done stays done, a batch in progress is not written, and the rest stays PENDING. */
export const cancelBulkOperation = (
  services: Services,
  id: BulkOperationId,
  actor: string,
): Promise<BulkOperationResult> =>
  changeBulkOperation(services, id, { kind: 'CANCEL', actor }, operation =>
    hasEnded(operation)
      ? alreadyEnded(operation)
      : { status: 'CANCELLED', pausedFor: null, ended: services.clock() },
  );
