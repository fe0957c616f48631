import type { BulkOperation } from '../../../src/domain/bulkOperation';
import { isRefused } from '../../../src/operations/commands/bulkOperationResult';
import { planBulkOperation } from '../../../src/operations/commands/planBulkOperation';
import type { Services } from '../../../src/transitions/services';
import { cancellationOf } from '../../operations/cancellationOf';

/** Begins to plan an operation over all runs; without a worker it stays at work until it is cancelled. */
export async function planOverAllRuns(services: Services): Promise<BulkOperation> {
  const operation = await planBulkOperation(services, cancellationOf({ all: true }));
  if (isRefused(operation)) throw new Error(operation.message);
  return operation;
}
