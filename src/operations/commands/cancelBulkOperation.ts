import { hasEnded } from '../../domain/bulkOperationEnums';
import type { BulkOperationId } from '../../domain/identifiers';
import type { Services } from '../../transitions/services';
import { alreadyEnded, type BulkOperationResult } from './bulkOperationResult';
import { changeBulkOperation } from './changeBulkOperation';

/** Ends an operation: what is done stays done, a batch in progress is not written, and the rest stays PENDING. */
export const cancelBulkOperation = (services: Services, id: BulkOperationId): Promise<BulkOperationResult> =>
  changeBulkOperation(services, id, operation =>
    hasEnded(operation)
      ? alreadyEnded(operation)
      : { status: 'CANCELLED', pausedFor: null, ended: services.clock() },
  );
