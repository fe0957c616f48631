import { hasEnded } from '../../domain/bulkOperationEnums';
import type { BulkOperationId } from '../../domain/identifiers';
import type { Services } from '../../transitions/services';
import { type BulkOperationResult, refused } from './bulkOperationResult';
import { changeBulkOperation } from './changeBulkOperation';

/** Starts a plan: exactly the planned runs, without those that changed state since. Counts start at zero. */
export const startPlannedBulkOperation = (
  services: Services,
  id: BulkOperationId,
  expectedCount: number | null,
  actor: string,
): Promise<BulkOperationResult> =>
  changeBulkOperation(services, id, { kind: 'START_PLANNED', actor }, operation => {
    const { status, expires, matched } = operation;
    if (status === 'EXPIRED' || (status === 'PLANNED' && expires !== null && expires <= services.clock()))
      return refused('PLAN_EXPIRED', 'The plan has expired, as runs may have moved on since. Plan again.');
    if (status !== 'PLANNED') {
      const instead = hasEnded(operation) ? 'Plan again' : 'Watch it, or plan another one';
      const message =
        status === 'PLANNING'
          ? 'The plan is not ready yet. Wait until it is PLANNED.'
          : `Only a plan that was not started yet can be started; this operation is ${status}. ${instead}.`;
      return refused('NOT_PLANNED', message);
    }
    if (expectedCount !== null && expectedCount !== matched) {
      const message = `${matched} runs are planned, not the expected ${expectedCount}. Check them, then send the new count.`;
      return refused('UNEXPECTED_COUNT', message, matched);
    }
    const counts = { pending: matched, accepted: 0, rejected: 0, aborted: 0, waiting: 0, skipped: 0 };
    return { ...counts, status: 'QUEUED', outcomes: [], expires: null };
  });
