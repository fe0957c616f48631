import type { BulkOperation } from '../domain/bulkOperation';
import type { BulkOperationStatus } from '../domain/bulkOperationEnums';
import type { Services } from '../transitions/services';

/** Logs that an operation is in another status, once that is committed. */
export function reportStatus(
  { reportEvent }: Services,
  { id, actor, origin }: Pick<BulkOperation, 'id' | 'actor' | 'origin'>,
  status: BulkOperationStatus,
): void {
  reportEvent('a bulk operation has another status', { operationId: id, status, actor, origin });
}
