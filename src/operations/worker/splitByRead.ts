import type { BulkOperationItem } from '../../domain/bulkOperation';
import type { FlowRunId } from '../../domain/identifiers';
import { distinct } from '../../platform/distinct';
import type { UnreadRuns } from '../../transitions/transitionSender';
import { type ItemVerdict, unreadVerdict } from './itemVerdicts';

/** Items, split by whether their runs could be read again. */
export interface ItemsByRead {
  read: BulkOperationItem[];
  /** The verdicts about the others: nothing is decided on a row that may be out of date. */
  verdicts: Map<FlowRunId, ItemVerdict>;
}

/** The runs by whose rows items are decided: their own, and those above them because of which they were selected. */
export const runsOf = (items: readonly BulkOperationItem[]): FlowRunId[] =>
  distinct(items.flatMap(item => [item.flowRunId, ...(item.matchesAbove ?? [])]));

/** Splits items by whether their runs could be read again, in the same way for a plan and for an operation. */
export function splitByRead(items: readonly BulkOperationItem[], unread: UnreadRuns): ItemsByRead {
  const split: ItemsByRead = { read: [], verdicts: new Map() };
  for (const item of items) {
    const failure = unread.get(item.flowRunId);
    if (failure === undefined) split.read.push(item);
    else split.verdicts.set(item.flowRunId, unreadVerdict(failure));
  }
  return split;
}
