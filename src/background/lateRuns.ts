import { addSeconds } from '../domain/instant';
import { scheduledUntil } from '../persistence/flowRuns/overdueConditions';
import { markLatePolicy } from '../transitions/transitionFlowRuns';
import type { BackgroundService } from './backgroundService';
import { findInBatches, moveFlowRuns } from './moveFlowRuns';

/**
 * Marks "Scheduled" runs as Late if they have not started `afterSeconds` after their scheduled time, which does not
 * change.
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
