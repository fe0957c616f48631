import type { BulkOperationStatus } from '../generated/graphql';

const undoEnds: Readonly<Partial<Record<BulkOperationStatus, string>>> = {
  COMPLETED: 'undone',
  COMPLETED_WITH_FAILURES: 'partly undone',
  CANCELLED: 'undo cancelled',
  FAILED: 'undo failed',
};

/** How far the operation that undoes another is, in words. */
export const undoInWords = (status: BulkOperationStatus): string => undoEnds[status] ?? 'being undone';
