import type { BulkOperation, BulkOperationDefinition } from '../../../src/domain/bulkOperation';
import { isRefused } from '../../../src/operations/commands/bulkOperationResult';
import { planBulkOperation } from '../../../src/operations/commands/planBulkOperation';
import type { Services } from '../../../src/transitions/services';

const allToCancelled: BulkOperationDefinition = {
  state: { type: 'CANCELLED' },
  filter: null,
  flowRuns: null,
  all: true,
  force: false,
  callerRenewsLeases: false,
  includeSubflows: false,
  canary: null,
  pauseAboveFailureRatio: null,
  retryWaits: false,
  expectedCount: null,
  maxAffected: null,
  codes: null,
  reason: '',
};

/** Begins to plan an operation over all runs; without a worker it stays at work until it is cancelled. */
export async function planOverAllRuns(services: Services): Promise<BulkOperation> {
  const operation = await planBulkOperation(services, {
    definition: allToCancelled,
    runsPerSecond: null,
    actor: 'ann',
    idempotencyKey: null,
  });
  if (isRefused(operation)) throw new Error(operation.message);
  return operation;
}
