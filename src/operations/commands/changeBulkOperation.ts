import type { BulkOperation } from '../../domain/bulkOperation';
import type { BulkOperationId } from '../../domain/identifiers';
import { lockOperation, updateOperation } from '../../persistence/operations/operations';
import type { Services } from '../../transitions/services';
import {
  type BulkOperationRefused,
  type BulkOperationResult,
  isRefused,
  unknownOperation,
} from './bulkOperationResult';

/**
 * Changes an operation's own row, unless its status forbids that.
 *
 * @param change returns the columns to write, or why nothing is written.
 */
export async function changeBulkOperation(
  services: Services,
  id: BulkOperationId,
  change: (operation: BulkOperation) => Partial<BulkOperation> | BulkOperationRefused,
): Promise<BulkOperationResult> {
  const { database, operationSignals, workSignals } = services;
  const result = await database.transaction(async (connection): Promise<BulkOperationResult> => {
    const operation = await lockOperation(connection, id);
    if (operation === null) return unknownOperation;
    const changes = change(operation);
    if ('code' in changes) return changes;
    await updateOperation(connection, id, changes);
    return { ...operation, ...changes };
  });
  if (!isRefused(result)) {
    operationSignals.notify(id);
    workSignals.notify(id);
  }
  return result;
}
