import { addSeconds, type Instant } from '../../domain/instant';
import type { DueTimes } from '../../persistence/operations/batches';
import type { OperationSettings } from '../settings';

/** By how much a deferred batch may be due later than a run that waits: workers' clocks may differ too. */
const dueSlackSeconds = 60;

/** Which batches are due now. */
export const dueTimes = (now: Instant, { retryWaitSeconds }: OperationSettings): DueTimes => ({
  now,
  latest: addSeconds(now, retryWaitSeconds + dueSlackSeconds),
});
