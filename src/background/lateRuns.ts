import { markLatePolicy } from '../app/transitionFlowRuns';
import { addSeconds } from '../domain/instant';
import { type ScheduledPlace, scheduledUntil, selectScheduledLongestAgo } from '../persistence/overdue';
import { type BackgroundService, batchSize } from './backgroundService';
import { moveFlowRuns } from './moveFlowRuns';

/**
 * Marks runs Late that are "Scheduled" and have not started so many seconds after their scheduled time, those that have
 * waited longest first. They stay SCHEDULED for the same time.
 */
export const lateRuns = (afterSeconds: number): BackgroundService => ({
  name: 'late runs',
  async *run(services) {
    const filter = scheduledUntil(addSeconds(services.clock(), -afterSeconds));
    let after: ScheduledPlace | null = null;
    do {
      const places: ScheduledPlace[] = await selectScheduledLongestAgo(
        services.database,
        filter,
        after,
        batchSize,
      );
      if (places.length === 0) return;
      yield await moveFlowRuns(
        services,
        places.map(({ id }) => id),
        { filter, proposal: { type: 'SCHEDULED', name: 'Late' }, policy: markLatePolicy },
      );
      after = places.length < batchSize ? null : (places.at(-1) ?? null);
    } while (after !== null);
  },
});
