import type { BulkOperation, BulkOperationCounts, BulkOperationOutcome } from '../domain/bulkOperation';
import {
  type BulkOperationItemStatus,
  type BulkOperationPause,
  failedStatuses,
} from '../domain/bulkOperationEnums';
import type { FlowRunId } from '../domain/identifiers';
import type { TransitionCode } from '../domain/transition';

/** What became of one item, and what it was before. */
export interface ItemOutcome {
  flowRunId: FlowRunId;
  from: BulkOperationItemStatus;
  status: BulkOperationItemStatus;
  code: TransitionCode | null;
}

const bucketOf = {
  PENDING: 'pending',
  SENDING: 'pending',
  ACCEPT: 'accepted',
  REJECT: 'rejected',
  ABORT: 'aborted',
  WAIT: 'waiting',
  SKIPPED: 'skipped',
} as const satisfies Record<BulkOperationItemStatus, keyof BulkOperationCounts>;

/** The counts of an operation after these items moved on. */
export function countsAfter(
  { matched, pending, accepted, rejected, aborted, waiting, skipped }: BulkOperationCounts,
  items: readonly ItemOutcome[],
): BulkOperationCounts {
  const counts = { matched, pending, accepted, rejected, aborted, waiting, skipped };
  for (const { from, status } of items) {
    counts[bucketOf[from]] -= 1;
    counts[bucketOf[status]] += 1;
  }
  return counts;
}

const sampleSize = 5;

/** The outcomes of an operation after these items were decided. */
export function outcomesAfter(
  outcomes: readonly BulkOperationOutcome[],
  items: readonly ItemOutcome[],
): BulkOperationOutcome[] {
  const byKind = new Map(outcomes.map(outcome => [`${outcome.status} ${outcome.code}`, outcome]));
  for (const { status, code, flowRunId } of items) {
    const key = `${status} ${code}`;
    const { count, sample } = byKind.get(key) ?? { count: 0, sample: [] };
    const grown = sample.length < sampleSize ? [...sample, flowRunId] : sample;
    byKind.set(key, { status, code, count: count + 1, sample: grown });
  }
  return [...byKind.values()];
}

/** How many of the last decided items the share of failures is taken of. */
export const failureWindowSize = 100;

const isFailure = ({ status }: ItemOutcome): boolean => failedStatuses.some(failed => failed === status);

/** The window after these items were decided. */
export const failureWindowAfter = (window: string, items: readonly ItemOutcome[]): string =>
  (window + items.map(item => (isFailure(item) ? 'x' : '-')).join('')).slice(-failureWindowSize);

/** Whether a full window holds a greater share of failures than is allowed. */
export function failsTooOften(window: string, allowed: number | null): boolean {
  if (allowed === null || window.length < failureWindowSize) return false;
  return (window.split('x').length - 1) / failureWindowSize > allowed;
}

/** The status in which an operation ends once nothing is left to decide. */
export const endStatus = (counts: BulkOperationCounts): 'COMPLETED' | 'COMPLETED_WITH_FAILURES' =>
  failedStatuses.every(status => counts[bucketOf[status]] === 0) ? 'COMPLETED' : 'COMPLETED_WITH_FAILURES';

/**
 * Why an operation that has just decided a batch pauses; null where its status stays. Where it was paused while the batch was
 * being decided and the canary is complete now, it is paused for the canary: resuming it means that the first runs are approved.
 */
export function pauseAfter(
  { definition, canaryPassed, status }: Pick<BulkOperation, 'definition' | 'canaryPassed' | 'status'>,
  window: string,
  isCanaryDecided: boolean,
): BulkOperationPause | null {
  if (definition.canary !== null && !canaryPassed && isCanaryDecided) return 'CANARY';
  if (status === 'PAUSED') return null;
  return failsTooOften(window, definition.pauseAboveFailureRatio) ? 'FAILURE_RATIO' : null;
}
