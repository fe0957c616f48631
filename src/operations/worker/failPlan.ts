import type { BulkOperation } from '../../domain/bulkOperation';
import { failOperation, lockOperation } from '../../persistence/operations/operations';
import type { Services } from '../../transitions/services';
import { reportStatus } from '../reportStatus';

/** Ends a plan that cannot be completed, where no other worker has completed it meanwhile: a plan has nothing to pause. */
export async function failPlan(services: Services, plan: BulkOperation, reason: string): Promise<void> {
  const { database, clock, operationSignals } = services;
  const isFailed = await database.transaction(async connection => {
    if ((await lockOperation(connection, plan.id))?.status !== 'PLANNING') return false;
    await failOperation(connection, plan.id, reason, clock());
    return true;
  });
  if (!isFailed) return;
  operationSignals.notify(plan.id);
  reportStatus(services, plan, 'FAILED');
}
