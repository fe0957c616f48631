import type { BulkOperationId } from '../../../src/domain/identifiers';
import { BulkOperationItemEntity } from '../../../src/persistence/entities/bulkOperation';
import { FlowRunEntity } from '../../../src/persistence/entities/flowRun';
import { faultsOf } from '../../harness/consistency';
import { describeOnDatabases } from '../../harness/databases';
import { isAnybodyWaiting, until } from '../../harness/waiting';
import { type OperationGateway, startOperationGateway } from '../harness';

describeOnDatabases(['mysql', 'mariadb'], 'a batch that the server aborts in a deadlock', database => {
  let gateway: OperationGateway;

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url);
  });
  afterAll(() => gateway?.close());
  beforeEach(() => gateway.clear());

  test('writes nothing, and is repeated', async () => {
    const runs = await gateway.createRuns(20, { type: 'RUNNING' });
    const before = await gateway.runColumns();
    const id = await gateway.plan({
      state: { type: 'CANCELLED' },
      flowRuns: { state: { type: { any: ['RUNNING'] } } },
    });
    await gateway.becomes(id, 'PLANNED');
    const { writer } = gateway.services.database;
    const rival = writer.createQueryRunner('master');
    try {
      await rival.startTransaction();
      // Of the two, the server breaks off the one that changed less.
      await rival.query('CREATE TEMPORARY TABLE ballast (number INT)');
      const table = FlowRunEntity.tableName;
      await rival.query(
        `INSERT INTO ballast SELECT 1 FROM ${table} one JOIN ${table} two JOIN ${table} three`,
      );
      const lock = { mode: 'pessimistic_write' } as const;
      const items = rival.manager.getRepository(BulkOperationItemEntity);
      await items.find({ where: { operationId: id as BulkOperationId }, lock });
      await gateway.startPlanned(id);
      await until(() => isAnybodyWaiting(gateway.services.database));
      await rival.manager.getRepository(FlowRunEntity).find({ order: { id: 'ASC' }, lock });
      expect(await faultsOf(gateway.services.database)).toEqual([]);
      expect(await gateway.runColumns()).toEqual(before);
    } finally {
      await rival.rollbackTransaction();
      await rival.query('DROP TEMPORARY TABLE IF EXISTS ballast');
      await rival.release();
    }

    expect(await gateway.ended(id)).toMatchObject({
      status: 'COMPLETED',
      counts: { matched: runs.length, accepted: runs.length },
    });
    expect(await faultsOf(gateway.services.database)).toEqual([]);
  });
});
