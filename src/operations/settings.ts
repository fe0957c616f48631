/** How workers work. */
export interface OperationSettings {
  /** How many runs at most one transaction decides. */
  batchSize: number;
  /** Seconds after which a plan that was not started expires. */
  planSeconds: number;
  /** Seconds from an operation's start in which runs whose verdict is WAIT are tried again. */
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
