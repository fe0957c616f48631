import { addSeconds, type Instant } from '../../domain/instant';
import type { DueTimes } from '../../persistence/operations/batches';
import type { OperationSettings } from '../settings';

/** For how many seconds at most a batch is deferred because of a server that carries out transitions. */
export const maxServerWaitSeconds = 600;

/** By how much a deferred batch may be due later than a run that waits: workers' clocks may differ too. */
const dueSlackSeconds = 60;

/** Which batches are due now. */
export const dueTimes = (now: Instant, { retryWaitSeconds, claimSeconds }: OperationSettings): DueTimes => ({
  now,
  latest: addSeconds(now, Math.max(retryWaitSeconds, claimSeconds, maxServerWaitSeconds) + dueSlackSeconds),
});
