/** How workers work. */
export interface OperationSettings {
  /** How many runs at most one transaction decides. */
  batchSize: number;
  /** Seconds after which a plan that was not started expires. */
  planSeconds: number;
  /** Seconds from an operation's start in which runs whose verdict is WAIT are tried again. */
  retryWaitSeconds: number;
  /**
   * Seconds for which a worker that sends a batch has it for itself, and the time that one call may take beside, unless it extends
   * that: others take over what a worker that died has sent, once none of its calls can be under way.
   */
  claimSeconds: number;
}

const claimSeconds = 30;

/** The part of the configuration that workers work by. */
export const operationSettingsOf = (config: {
  readonly operationBatchSize: number;
  readonly operationPlanSeconds: number;
  readonly operationRetryWaitSeconds: number;
}): OperationSettings => ({
  batchSize: config.operationBatchSize,
  planSeconds: config.operationPlanSeconds,
  retryWaitSeconds: config.operationRetryWaitSeconds,
  claimSeconds,
});
