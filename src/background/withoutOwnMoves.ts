import type { Config } from '../config/config';

/** The settings for a gateway whose runs another server moves: the services that move runs are off. */
export const withoutOwnMoves = (config: Config): Config => ({
  ...config,
  expiredLeases: false,
  cancellingTimeout: false,
  cancellationCleanup: false,
  expiredPauses: false,
  lateRuns: false,
});
