import { findExpiredPlans, lockOperation, updateOperation } from '../../persistence/operations/operations';
import type { Services } from '../../transitions/services';

/**
 * Ends the plans that were not started in time: by `expires`, which `planBatch.ts` sets, and for a plan without runs
 * `selection/selectNextPage.ts`. A start that comes before this but too late is refused by
 * `commands/startPlannedBulkOperation.ts`.
 */
export async function expirePlans({ database, clock, operationSignals }: Services): Promise<void> {
  const now = clock();
  for (const id of await findExpiredPlans(database.primary, now)) {
    await database.transaction(async connection => {
      const plan = await lockOperation(connection, id);
      if (plan?.status === 'PLANNED')
        await updateOperation(connection, id, { status: 'EXPIRED', ended: now });
    });
    operationSignals.notify(id);
  }
}
