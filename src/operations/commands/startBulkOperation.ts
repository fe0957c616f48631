import type { Services } from '../../transitions/services';
import type { BulkOperationResult } from './bulkOperationResult';
import { type BulkOperationRequest, createFromFilter } from './createFromFilter';

/** Makes an operation and returns it at once; workers carry it out. */
export const startBulkOperation = (
  services: Services,
  request: BulkOperationRequest,
): Promise<BulkOperationResult> => createFromFilter(services, request, { origin: 'START', status: 'QUEUED' });
