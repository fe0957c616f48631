/** The statuses of an operation. */
export const operationStatuses = [
  'PLANNING',
  'PLANNED',
  'EXPIRED',
  'QUEUED',
  'SELECTING',
  'RUNNING',
  'PAUSED',
  'CANCELLED',
  'COMPLETED',
  'COMPLETED_WITH_FAILURES',
  'FAILED',
] as const;

/** The statuses of one run of an operation. */
export const itemStatuses = ['PENDING', 'SENDING', 'ACCEPT', 'REJECT', 'ABORT', 'WAIT', 'SKIPPED'] as const;
