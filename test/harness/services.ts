import { v7 } from 'uuid';
import { systemClock } from '../../src/domain/instant';
import { messagingInProcess } from '../../src/messaging';
import type { Database } from '../../src/persistence/connection/database';
import { localExecutor } from '../../src/transitions/localExecutor';
import type { Services } from '../../src/transitions/services';

/** What use cases work with, for tests that start no gateway; errors from inside are put into `reported`. */
export const testServices = (
  database: Database,
  reported: unknown[],
  more: Partial<Services> = {},
): Services => ({
  database,
  executor: localExecutor,
  clock: systemClock(),
  monotonicClock: () => performance.now(),
  newId: v7,
  leaseSeconds: 300,
  slotWaitSeconds: 30,
  maxPageSize: 200,
  maxResponseBytes: 16_000_000,
  ...messagingInProcess(),
  reportUnavailable: () => undefined,
  reportEvent: () => undefined,
  reportError: (_message, error) => reported.push(error),
  ...more,
});
