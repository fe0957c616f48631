/** How workers work. */
export interface OperationSettings {
  /** Most runs that one transaction decides. */
  batchSize: number;
  /** Seconds after which a plan that nobody started expires. */
  planSeconds: number;
  /** Seconds from an operation's start in which runs that were told to wait are tried again. */
  retryWaitSeconds: number;
}

/** The part of the configuration that workers work by. */
export const operationSettingsOf = (config: {
  readonly operationBatchSize: number;
  readonly operationPlanSeconds: number;
  readonly operationRetryWaitSeconds: number;
}): OperationSettings => ({
  batchSize: config.operationBatchSize,
  planSeconds: config.operationPlanSeconds,
  retryWaitSeconds: config.operationRetryWaitSeconds,
});
