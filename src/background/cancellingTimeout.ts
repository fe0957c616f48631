import { addSeconds } from '../domain/instant';
import { cancellingSince } from '../persistence/flowRuns/cancellationConditions';
import { corePolicy } from '../transitions/transitionFlowRuns';
import type { BackgroundService } from './backgroundService';
import { findInBatches, moveFlowRuns } from './moveFlowRuns';

/** Cancels runs that have been CANCELLING for `seconds` without a report that they stopped. */
export const cancellingTimeout = (seconds: number): BackgroundService => ({
  name: 'cancelling timeout',
  async *run(services) {
    const filter = cancellingSince(addSeconds(services.clock(), -seconds));
    const message = `Cancelled: the run had been cancelling for ${seconds} s, and nothing had reported that it stopped.`;
    for await (const ids of findInBatches(services, filter)) {
      yield await moveFlowRuns(services, ids, {
        filter,
        proposal: { type: 'CANCELLED', message },
        policy: corePolicy,
      });
    }
  },
});
