import type { Instant } from '../../domain/instant';
import { retryOnDuplicateKey } from '../../persistence/connection/retryOnDuplicateKey';
import { storeFlowRuns } from '../../persistence/mirror/storeFlowRuns';
import { storeDeployments, storeFlows } from '../../persistence/mirror/storeFlowsAndDeployments';
import { storeTaskRuns } from '../../persistence/mirror/storeTaskRuns';
import type { Services } from '../../transitions/services';
import type { CompleteRows } from './completeRows';

/**
 * Stores copies of different runs, at most 200, with what they refer to, all in one transaction, and publishes the states that
 * are new here.
 *
 * @param reading when the server was asked for them, and the walk that met them; null: none did.
 */
export async function storeCompleteRows(
  { database, clock, stateChanges }: Pick<Services, 'database' | 'clock' | 'stateChanges'>,
  { rows, flows, deployments, taskRuns }: CompleteRows,
  reading: { readAt: Instant; walk: number | null },
): Promise<void> {
  if (rows.length === 0) return;
  // Another process may copy the same runs at the same time.
  const changes = await retryOnDuplicateKey(database, () =>
    database.transaction(async connection => {
      const written = await storeFlowRuns(database, connection, rows, { ...reading, now: clock() });
      await storeTaskRuns(database, connection, taskRuns);
      await storeDeployments(database, connection, deployments);
      await storeFlows(database, connection, flows);
      return written;
    }),
  );
  stateChanges.publish(changes);
}
