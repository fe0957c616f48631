import type { BulkOperationItem } from '../../domain/bulkOperation';
import type { Decision } from '../../domain/decision';
import { reportOf, type UnreadRun } from '../../transitions/transitionSender';

/** What the ledger stores of an item's decision. */
export type ItemVerdict = Pick<
  BulkOperationItem,
  'status' | 'code' | 'reason' | 'delaySeconds' | 'previousStateId' | 'stateId' | 'before'
>;

/** What a verdict holds when no state was written. */
export const nothingWritten = { delaySeconds: null, stateId: null, before: null } as const;

/** The verdict about an item that could not be decided even alone. */
export const failedVerdict: ItemVerdict = {
  ...nothingWritten,
  status: 'ABORT',
  code: 'INTERNAL_ERROR',
  reason: 'The run could not be processed; nothing of it was written.',
  previousStateId: null,
};

/** The verdict about an item whose run is gone. */
export const goneVerdict: ItemVerdict = {
  ...nothingWritten,
  status: 'ABORT',
  code: 'FLOW_RUN_NOT_FOUND',
  reason: 'There is no flow run with this id any more.',
  previousStateId: null,
};

/** The verdict about an item whose run the executor does not move so. */
export const refusedVerdict = (
  reason: string,
  previousStateId: ItemVerdict['previousStateId'],
): ItemVerdict => ({ ...nothingWritten, status: 'ABORT', code: 'UPSTREAM', reason, previousStateId });

/** The verdict about an item whose run could not be read again before it was to be moved. */
export const unreadVerdict = (run: UnreadRun): ItemVerdict => ({
  ...nothingWritten,
  ...reportOf(run),
  status: 'ABORT',
  previousStateId: null,
});

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
