/** How workers work. */
export interface OperationSettings {
  /** How many runs at most one transaction decides. */
  batchSize: number;
  /** Seconds after which a plan that was not started expires. */
  planSeconds: number;
  /** Seconds from an operation's start in which runs whose verdict is WAIT are tried again. */
  retryWaitSeconds: number;
  /** Seconds for which a worker that sends a batch has it for itself, unless it extends that: others take over what a worker that died has sent. */
  claimSeconds: number;
}

const claimSeconds = 60;

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
