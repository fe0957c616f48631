import type { BulkOperationDefinition } from '../../src/domain/bulkOperation';
import type { BulkOperationRequest } from '../../src/operations/commands/createFromFilter';

/** A cancellation of runs as a test asks for it: what it names differs from the plainest one. */
export const cancellationOf = (more: Partial<BulkOperationDefinition>): BulkOperationRequest => ({
  actor: 'tester',
  idempotencyKey: null,
  runsPerSecond: null,
  definition: {
    state: { type: 'CANCELLED' },
    filter: null,
    flowRuns: null,
    all: false,
    force: false,
    callerRenewsLeases: false,
    includeSubflows: false,
    canary: null,
    pauseAboveFailureRatio: null,
    retryWaits: false,
    expectedCount: null,
    maxAffected: null,
    codes: null,
    reason: 'a test',
    ...more,
  },
});
