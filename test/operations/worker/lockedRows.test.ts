import { IsNull, Not } from 'typeorm';
import type { BulkOperationId } from '../../../src/domain/identifiers';
import { BulkOperationBatchEntity } from '../../../src/persistence/entities/bulkOperation';
import { FlowRunEntity } from '../../../src/persistence/entities/flowRun';
import { describeOnDatabases } from '../../harness/databases';
import { lockRow } from '../../harness/lockRow';
import { until } from '../../harness/waiting';
import { type OperationGateway, startOperationGateway } from '../harness';

describeOnDatabases(['mysql', 'mariadb'], 'a run that another transaction locks', database => {
  let gateway: OperationGateway;

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url, { OPERATION_BATCH_SIZE: '4' });
  });
  afterAll(() => gateway?.close());
  beforeEach(() => gateway.clear());

  test('delays neither the other runs nor other operations, and is moved once it is free', async () => {
    const [newest = '', kept = ''] = await gateway.createRuns(6, { type: 'RUNNING' });
    await gateway.createRuns(3, { type: 'PENDING' });
    const rival = gateway.services.database.writer.createQueryRunner('master');
    try {
      await lockRow(rival, FlowRunEntity, kept);
      const id = await gateway.start({
        state: { type: 'CANCELLED' },
        flowRuns: { id: { any: [newest, kept] } },
      });
      const other = await gateway.start({
        state: { type: 'FAILED' },
        flowRuns: { state: { type: { any: ['PENDING'] } } },
      });
      await until(async () => (await gateway.operation(id)).counts.accepted === 1);
      expect(await gateway.operation(id)).toMatchObject({ status: 'RUNNING', counts: { pending: 1 } });
      expect(await gateway.ended(other)).toMatchObject({ status: 'COMPLETED', counts: { accepted: 3 } });
      const isDeferred = () =>
        gateway.services.database.primary
          .getRepository(BulkOperationBatchEntity)
          .existsBy({ operationId: id as BulkOperationId, decided: IsNull(), due: Not(IsNull()) });
      await until(isDeferred);
      await rival.rollbackTransaction();
      expect(await gateway.ended(id)).toMatchObject({ status: 'COMPLETED', counts: { accepted: 2 } });
      expect(await gateway.items(id)).toMatchObject([
        { flowRunId: newest, status: 'ACCEPT', position: 1, attempts: 1 },
        { flowRunId: kept, status: 'ACCEPT', position: 2, attempts: 1 },
      ]);
    } finally {
      if (rival.isTransactionActive) await rival.rollbackTransaction();
      await rival.release();
    }
  }, 60_000);
});
