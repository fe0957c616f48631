/** Settings with which nothing runs by itself: for tests that do not ask for it, and for benchmarks. */
export const quiet = {
  EXPIRED_LEASES: 'off',
  CANCELLING_TIMEOUT: 'off',
  CANCELLATION_CLEANUP: 'off',
  EXPIRED_PAUSES: 'off',
  LATE_RUNS: 'off',
  OPERATION_RETENTION_DAYS: '0',
};
