import { hasEnded } from '../../domain/bulkOperationEnums';
import type { BulkOperationId } from '../../domain/identifiers';
import type { Services } from '../../transitions/services';
import { alreadyEnded, type BulkOperationResult } from './bulkOperationResult';
import { changeBulkOperation } from './changeBulkOperation';

/** Changes how many runs an operation moves in a second; null removes the limit. */
export const setBulkOperationRate = (
  services: Services,
  id: BulkOperationId,
  runsPerSecond: number | null,
  actor: string,
): Promise<BulkOperationResult> =>
  changeBulkOperation(services, id, { kind: 'SET_RATE', actor, runsPerSecond }, operation =>
    hasEnded(operation) ? alreadyEnded(operation) : { runsPerSecond, pacedUntil: null },
  );
