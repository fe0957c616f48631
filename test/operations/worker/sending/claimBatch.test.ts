import type { BulkOperation } from '../../../../src/domain/bulkOperation';
import type { BulkOperationId } from '../../../../src/domain/identifiers';
import { addSeconds } from '../../../../src/domain/instant';
import { operationSettingsOf } from '../../../../src/operations/settings';
import { claimBatch, isStillClaimed } from '../../../../src/operations/worker/sending/claimBatch';
import { deferBatch, lockBatch } from '../../../../src/persistence/operations/batches';
import { findOperation } from '../../../../src/persistence/operations/operations';
import { describeOnEveryDatabase } from '../../../harness/databases';
import { isAnybodyWaiting, until } from '../../../harness/waiting';
import { type OperationGateway, startOperationGateway } from '../../harness';

const settings = operationSettingsOf({
  operationBatchSize: 500,
  operationPlanSeconds: 900,
  operationRetryWaitSeconds: 3600,
});

describeOnEveryDatabase('a claim on a batch', database => {
  let gateway: OperationGateway;
  beforeAll(async () => {
    gateway = await startOperationGateway(database.url);
  });
  afterAll(() => gateway.close());

  test('is still its worker’s where the worker extends it while it waits for the lock', async () => {
    const { services } = gateway;
    await gateway.clear();
    await gateway.createRuns(20, { type: 'RUNNING' });
    const id = (await gateway.start({
      state: { type: 'CANCELLED' },
      flowRuns: { state: { type: { any: ['RUNNING'] } } },
      runsPerSecond: 1,
    })) as BulkOperationId;
    await until(async () => (await findOperation(services.database.primary, id))?.status === 'RUNNING');
    await gateway.worker.stop();
    const operation = (await findOperation(services.database.primary, id)) as BulkOperation;
    const claimed = await claimBatch(services, settings, operation, 10);
    if (claimed === null) throw new Error('there is no batch to claim');
    const { batch } = claimed;
    const extended = addSeconds(batch.due, 60);

    let check = Promise.resolve(false);
    await services.database.transaction(async connection => {
      await lockBatch(connection, id, batch.firstOrdinal);
      check = services.database.transaction(other => isStillClaimed(other, claimed));
      // The embedded database has one writer, and its transactions wait before they begin.
      if (services.database.kind !== 'embedded') await until(() => isAnybodyWaiting(services.database));
      claimed.dues = new Set([...claimed.dues, extended]);
      await deferBatch(connection, batch, batch.lastOrdinal, extended);
    });

    expect(await check).toBe(true);
  });
});
