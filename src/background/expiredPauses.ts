import { pausedUntilBefore } from '../persistence/flowRuns/overdueConditions';
import { minimalPolicy } from '../transitions/transitionFlowRuns';
import type { BackgroundService } from './backgroundService';
import { findInBatches, moveFlowRuns } from './moveFlowRuns';

/** The message that Prefect uses. */
const message = 'The flow was paused and never resumed.';

/** Fails PAUSED runs whose pause timeout has passed, by the minimal policy: these runs are not retried. */
export const expiredPauses: BackgroundService = {
  name: 'expired pauses',
  async *run(services) {
    const filter = pausedUntilBefore(services.database.dialect, services.clock());
    for await (const ids of findInBatches(services, filter)) {
      yield await moveFlowRuns(services, ids, {
        filter,
        proposal: { type: 'FAILED', message },
        policy: minimalPolicy,
      });
    }
  },
};
