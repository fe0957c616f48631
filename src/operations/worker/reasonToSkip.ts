import type { BulkOperation, BulkOperationItem } from '../../domain/bulkOperation';
import { isTerminal } from '../../domain/state';
import type { TransitionCode } from '../../domain/transition';
import type { FoundFlowRun, FoundFlowRuns } from '../../persistence/flowRuns/hotLockedFlowRunFacts';
import { type ItemVerdict, nothingWritten } from './itemVerdicts';

const skipReasons = {
  CHANGED_SINCE_OPERATION: 'Something else moved the run since the operation, and it was left alone.',
  CHANGED_SINCE_PLAN: 'The state of the run changed since the plan, and it was left alone.',
  NO_LONGER_MATCHES: 'The run stopped matching before it could be moved, and was left alone.',
} as const satisfies Partial<Record<TransitionCode, string>>;

/** Why an item is left alone. */
export type SkipCode = keyof typeof skipReasons;

/** Why an item is left alone, as its run is found; null: it is to be decided. */
export function reasonToSkip(
  { origin, restores, definition }: Pick<BulkOperation, 'origin' | 'restores' | 'definition'>,
  item: BulkOperationItem,
  { facts, matches }: FoundFlowRun,
  found: FoundFlowRuns,
): SkipCode | null {
  const isUnchanged = facts.stateId === item.expectedStateId;
  if (restores !== null) return isUnchanged ? null : 'CHANGED_SINCE_OPERATION';
  if (origin === 'PLAN' && item.plannedStatus !== null && !isUnchanged) return 'CHANGED_SINCE_PLAN';
  if (definition.filter === null || (item.isMatch && matches)) return null;
  const isBelowMatch = item.matchesAbove?.some(id => found.get(id)?.matches) ?? false;
  const isSubflowStill = isBelowMatch && !isTerminal(facts.stateType);
  return isSubflowStill ? null : 'NO_LONGER_MATCHES';
}

/** The verdict about an item that is left alone. */
export function skipVerdict(code: SkipCode, run: FoundFlowRun): ItemVerdict {
  return {
    ...nothingWritten,
    status: 'SKIPPED',
    code,
    reason: skipReasons[code],
    previousStateId: run.facts.stateId,
  };
}
