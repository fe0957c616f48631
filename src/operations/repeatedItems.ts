import { failedStatuses } from '../domain/bulkOperationEnums';
import type { TransitionCode } from '../domain/transition';
import type { findItemsToCopy } from '../persistence/operations/items';

/** Which items of an earlier operation a new one goes over. */
type RepeatedItems = Parameters<typeof findItemsToCopy>[2];

/** The items that a retry repeats: those with one of these codes, or where none is given all that failed. */
export const retriedItems = (codes: readonly TransitionCode[] | null): RepeatedItems =>
  codes === null
    ? { statuses: failedStatuses, codes: null, flowRunId: null }
    : { statuses: null, codes, flowRunId: null };

/** The items that an undo goes over: those whose run was moved. */
export const undoneItems: RepeatedItems = { written: true };
