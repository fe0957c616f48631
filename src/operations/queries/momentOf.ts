import type { BulkOperation } from '../../domain/bulkOperation';

/** The fields whose change is reported as progress. */
const movingParts = [
  'status',
  'pausedFor',
  'matched',
  'pending',
  'accepted',
  'rejected',
  'aborted',
  'waiting',
  'skipped',
  'runsPerSecond',
] as const satisfies readonly (keyof BulkOperation)[];

/** What an operation reports as progress, as text: two equal texts report nothing new. */
export const momentOf = (operation: BulkOperation): string =>
  JSON.stringify(movingParts.map(part => operation[part]));
