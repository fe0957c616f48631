import type { BulkOperation } from '../../domain/bulkOperation';
import type { BulkOperationId } from '../../domain/identifiers';
import type { PositionedItem } from '../../persistence/operations/items';
import {
  countOperations,
  findOperation,
  findOperationPage,
  type OperationListFilter,
} from '../../persistence/operations/operations';
import type { Services } from '../../transitions/services';

export type { OperationListFilter, PositionedItem };

/** Finds an operation; null if it does not exist. */
export const findBulkOperation = (
  { database }: Services,
  id: BulkOperationId,
): Promise<BulkOperation | null> => findOperation(database.primary, id);

/** Returns a number of operations after one, newest first; null for the newest. */
export const findBulkOperations = (
  { database }: Services,
  filter: OperationListFilter,
  limit: number,
  after: BulkOperationId | null,
): Promise<BulkOperation[]> => findOperationPage(database.primary, filter, limit, after);

/** How many operations match. */
export const countBulkOperations = ({ database }: Services, filter: OperationListFilter): Promise<number> =>
  countOperations(database.primary, filter);
