import type { BulkOperationItem } from '../../domain/bulkOperation';
import type { FlowRunId } from '../../domain/identifiers';
import { distinct } from '../../platform/distinct';
import type { UnreadRun, UnreadRuns } from '../../transitions/transitionSender';
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

/** Why nothing can be decided about an item: its run could not be read, or none of those because of which alone it was selected. */
function failureOf(
  { flowRunId, isMatch, matchesAbove }: BulkOperationItem,
  unread: UnreadRuns,
): UnreadRun | undefined {
  const own = unread.get(flowRunId);
  if (own !== undefined || isMatch || matchesAbove === null) return own;
  const [above] = matchesAbove;
  return above !== undefined && matchesAbove.every(id => unread.has(id)) ? unread.get(above) : undefined;
}

/** The item without the runs above it that could not be read: no item is selected because of what may be out of date. */
const withoutUnread = (item: BulkOperationItem, unread: UnreadRuns): BulkOperationItem =>
  item.matchesAbove?.some(id => unread.has(id))
    ? { ...item, matchesAbove: item.matchesAbove.filter(id => !unread.has(id)) }
    : item;

/** Splits items by whether their runs could be read again, in the same way for a plan and for an operation. */
export function splitByRead(items: readonly BulkOperationItem[], unread: UnreadRuns): ItemsByRead {
  const split: ItemsByRead = { read: [], verdicts: new Map() };
  for (const item of items) {
    const failure = failureOf(item, unread);
    if (failure === undefined) split.read.push(withoutUnread(item, unread));
    else split.verdicts.set(item.flowRunId, unreadVerdict(failure));
  }
  return split;
}
