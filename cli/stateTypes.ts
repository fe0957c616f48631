/** The types of states. */
export const stateTypes = [
  'SCHEDULED',
  'PENDING',
  'RUNNING',
  'PAUSED',
  'CANCELLING',
  'CANCELLED',
  'COMPLETED',
  'FAILED',
  'CRASHED',
] as const;
