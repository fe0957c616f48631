import type { Config } from '../config/config';
import type { Logger } from '../platform/logging';
import type { Services } from '../transitions/services';
import type { BackgroundService } from './backgroundService';
import { cancellationCleanup } from './cancellationCleanup';
import { cancellingTimeout } from './cancellingTimeout';
import { expiredLeases } from './expiredLeases';
import { expiredPauses } from './expiredPauses';
import { lateRuns } from './lateRuns';
import { operationRetention } from './operationRetention';
import { type Runner, startRunner } from './runner';

/** The services that the settings enable. */
function enabledServices(config: BackgroundConfig): BackgroundService[] {
  return [
    ...(config.expiredLeases ? [expiredLeases] : []),
    ...(config.cancellingTimeout ? [cancellingTimeout(config.cancellingTimeoutSeconds)] : []),
    ...(config.cancellationCleanup ? [cancellationCleanup] : []),
    ...(config.expiredPauses ? [expiredPauses] : []),
    ...(config.lateRuns ? [lateRuns(config.lateRunsAfterSeconds)] : []),
    ...(config.operationRetentionDays > 0 ? [operationRetention(config.operationRetentionDays)] : []),
  ];
}

/** The settings of background services. */
type BackgroundConfig = Pick<
  Config,
  | 'expiredLeases'
  | 'cancellingTimeout'
  | 'cancellingTimeoutSeconds'
  | 'cancellationCleanup'
  | 'expiredPauses'
  | 'lateRuns'
  | 'lateRunsAfterSeconds'
  | 'operationRetentionDays'
  | 'backgroundSeconds'
>;

/** Starts the background services that the settings enable. */
export const startBackgroundServices = (
  services: Services,
  config: BackgroundConfig,
  logger: Logger,
): Runner => startRunner(services, enabledServices(config), config.backgroundSeconds, logger);
