import type { BulkOperationId } from '../../domain/identifiers';
import { findBatchToPlan } from '../../persistence/operations/batches';
import { findItems } from '../../persistence/operations/items';
import type { Services } from '../../transitions/services';
import type { RefreshedRuns } from '../../transitions/transitionSender';
import { runsOf } from './splitByRead';

/** Rows that were brought up to date for a plan. */
export interface ReadForPlan extends RefreshedRuns {
  /** Where the batch begins whose runs they are; null: no batch was left. */
  firstOrdinal: number | null;
}

/**
 * Brings the rows of the batch up to date that is planned next; null where they always are.
 *
 * @throws SwitchyardError UNAVAILABLE where the server cannot be asked now; CredentialsRefusedError is one.
 */
export async function readNextRuns(services: Services, id: BulkOperationId): Promise<ReadForPlan | null> {
  const { primary } = services.database;
  let firstOrdinal: number | null = null;
  const read = await services.executor.refresh(services, async () => {
    const batch = await findBatchToPlan(primary, id);
    if (batch === null) return [];
    firstOrdinal = batch.firstOrdinal;
    return runsOf(await findItems(primary, id, firstOrdinal, batch.lastOrdinal));
  });
  return read && { ...read, firstOrdinal };
}
