import type { Services } from '../../transitions/services';
import type { BulkOperationResult } from './bulkOperationResult';
import { type BulkOperationRequest, createFromFilter } from './createFromFilter';

/**
 * Makes a plan and returns it at once; workers decide its runs by the real rules and write no state. An attached gateway refuses
 * plans while its mirror is not up to date: `upstream/executor/refusals.ts`.
 */
export async function planBulkOperation(
  services: Services,
  request: BulkOperationRequest,
): Promise<BulkOperationResult> {
  await services.executor.checkPlanning(services);
  return createFromFilter(services, request, { origin: 'PLAN', status: 'PLANNING' });
}
