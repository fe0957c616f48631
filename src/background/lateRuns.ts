import { addSeconds } from '../domain/instant';
import { scheduledUntil } from '../persistence/flowRuns/overdue';
import { markLatePolicy } from '../transitions/transitionFlowRuns';
import type { BackgroundService } from './backgroundService';
import { findInBatches, moveFlowRuns } from './moveFlowRuns';

/**
 * Marks runs Late that are "Scheduled" and have not started so many seconds after their scheduled time. They stay SCHEDULED
 * for the same time.
 */
export const lateRuns = (afterSeconds: number): BackgroundService => ({
  name: 'late runs',
  async *run(services) {
    const filter = scheduledUntil(addSeconds(services.clock(), -afterSeconds));
    for await (const ids of findInBatches(services, filter)) {
      yield await moveFlowRuns(services, ids, {
        filter,
        proposal: { type: 'SCHEDULED', name: 'Late' },
        policy: markLatePolicy,
      });
    }
  },
});
