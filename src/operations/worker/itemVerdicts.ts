import type { BulkOperation, BulkOperationItem } from '../../domain/bulkOperation';
import type { Decision } from '../../domain/decision';
import { isTerminal } from '../../domain/state';
import type { TransitionCode } from '../../domain/transition';
import type { FoundFlowRun, FoundFlowRuns } from '../../persistence/flowRuns/facts';

/** What the ledger stores of an item's decision. */
export type ItemVerdict = Pick<
  BulkOperationItem,
  'status' | 'code' | 'reason' | 'delaySeconds' | 'previousStateId' | 'stateId' | 'before'
>;

const nothingWritten = { delaySeconds: null, stateId: null, before: null } as const;

/** The verdict about an item that could not be decided even alone. */
export const failedVerdict: ItemVerdict = {
  ...nothingWritten,
  status: 'ABORT',
  code: 'INTERNAL_ERROR',
  reason: 'The run could not be processed; nothing of it was written.',
  previousStateId: null,
};

const skipReasons = {
  CHANGED_SINCE_OPERATION: 'Something else moved the run since the operation, and it was left alone.',
  CHANGED_SINCE_PLAN: 'The state of the run changed since the plan, and it was left alone.',
  NO_LONGER_MATCHES: 'The run stopped matching before it could be moved, and was left alone.',
} as const satisfies Partial<Record<TransitionCode, string>>;

/** Why an item is left alone. */
export type SkipCode = keyof typeof skipReasons;

/** Why an item is left alone, as its run is found; null: it is to be decided. */
export function skipCode(
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

/** The verdict about an item whose run is gone. */
export const goneVerdict: ItemVerdict = {
  ...nothingWritten,
  status: 'ABORT',
  code: 'FLOW_RUN_NOT_FOUND',
  reason: 'There is no flow run with this id any more.',
  previousStateId: null,
};

/** The verdict that a decision gives an item; `before` is what an undo of it will need. */
export function verdictOf(
  { verdict, transition }: Decision,
  previousStateId: ItemVerdict['previousStateId'],
  before: ItemVerdict['before'],
): ItemVerdict {
  return {
    status: verdict.status,
    code: verdict.status === 'ACCEPT' ? null : verdict.code,
    reason: verdict.status === 'ACCEPT' ? null : verdict.reason,
    delaySeconds: verdict.status === 'WAIT' ? verdict.delaySeconds : null,
    previousStateId,
    stateId: transition?.state.id ?? null,
    before,
  };
}
