import { GatewayError } from '../../api/problem';
import { request } from '../../api/request';
import { type BulkOperationStatus, PlanStatusDocument, StartPlanDocument } from '../../generated/graphql';
import { refusalError } from './operationRefusal';

const unstarted: readonly BulkOperationStatus[] = ['PLANNING', 'PLANNED', 'EXPIRED', 'CANCELLED', 'FAILED'];

/**
 * Starts a plan.
 *
 * @throws GatewayError with the reason of a refusal.
 */
export async function startPlan(id: string, expectedCount: number): Promise<void> {
  try {
    const { startPlannedBulkOperation } = await request(StartPlanDocument, { id, expectedCount });
    if (startPlannedBulkOperation.__typename === 'BulkOperationRefused')
      throw refusalError(startPlannedBulkOperation);
  } catch (error) {
    // An attempt whose response was lost may have started it.
    if (!(error instanceof GatewayError) || error.problem.code !== 'NOT_PLANNED') throw error;
    const { bulkOperation } = await request(PlanStatusDocument, { id });
    if (!bulkOperation || unstarted.includes(bulkOperation.status)) throw error;
  }
}
