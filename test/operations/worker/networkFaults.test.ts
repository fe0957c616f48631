import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { FlowRunStateEntity } from '../../../src/persistence/entities/state';
import { faultsOf } from '../../harness/consistency';
import { describeOnDatabases } from '../../harness/databases';
import { type Fault, type Forwarder, forwardTo } from '../../harness/forwarder';
import { type OperationGateway, startOperationGateway } from '../harness';

const runCount = 4;
const faults: readonly Fault[] = ['cut', 'loseResponse', 'truncate'];
/** As many as a turn of a worker has. */
const statementCount = 18;

describeOnDatabases(['mysql', 'mariadb'], 'faults of the network during a bulk operation', database => {
  let direct: Database;
  let proxy: Forwarder;
  let gateway: OperationGateway;

  beforeAll(async () => {
    direct = await openDatabase({ url: database.url, poolSize: 2 });
    proxy = await forwardTo(database.url);
    gateway = await startOperationGateway(proxy.url, { OPERATION_BATCH_SIZE: String(runCount) });
    await gateway.clear();
  }, 60_000);
  afterAll(async () => {
    await gateway?.close();
    await proxy?.cut();
    await direct?.close();
  });

  test('at any statement of a batch leave no run unmoved, and move none twice', async () => {
    const ids = await gateway.createRuns(runCount, { type: 'RUNNING' });
    for (let index = 0; index < statementCount; index++) {
      const type = index % 2 === 0 ? 'PAUSED' : 'RUNNING';
      const id = await gateway.start({ state: { type }, flowRuns: { id: { any: ids } } });
      proxy.failStatement(index, faults[index % faults.length] ?? 'cut');
      // A question that the fault comes to is asked again.
      const ended = await gateway.ended(id).catch(() => gateway.ended(id));
      expect(ended).toMatchObject({
        status: 'COMPLETED',
        counts: { matched: runCount, accepted: runCount, pending: 0 },
      });
    }
    const states = await direct.primary
      .getRepository(FlowRunStateEntity)
      .createQueryBuilder('state')
      .select('COUNT(*)', 'count')
      .groupBy('state.flowRunId')
      .getRawMany<{ count: string }>();
    expect(states.map(({ count }) => Number(count))).toEqual(ids.map(() => statementCount + 1));
    expect(await faultsOf(direct)).toEqual([]);
  }, 120_000);
});
