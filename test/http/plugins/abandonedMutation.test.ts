import { describeOnDatabases } from '../../harness/databases';
import { startGateway, type TestGateway } from '../../harness/gateway';
import { seedingThrough } from '../../harness/seeding';
import { slowedDown } from '../../harness/slowDatabase';

describeOnDatabases(['embedded', 'mysql'], 'a mutation that exceeds the time limit', database => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway(database.url, { REQUEST_TIMEOUT_SECONDS: '1' });
  });
  afterAll(() => gateway?.close());

  test('fails with TIMEOUT, and its transaction is rolled back', async () => {
    const { services, ask } = gateway;
    const seeding = seedingThrough(ask);
    const flowId = await seeding.createFlow('etl');
    const [flowRunId] = await seeding.createFlowRuns([{ flowId, state: { type: 'PENDING' } }]);
    const { database: quick } = services;
    const slow = slowedDown(quick, 1_300);
    services.database = slow.database;
    const moved = ask(
      'mutation ($flowRunId: ID!) { setFlowRunState(input: { flowRunId: $flowRunId, state: { type: RUNNING } }) { status } }',
      { flowRunId },
    );

    await expect(moved).rejects.toMatchObject({ errors: [{ extensions: { code: 'TIMEOUT' } }] });
    await slow.ended();
    services.database = quick;
    const { flowRun } = await ask<{ flowRun: unknown }>(
      'query ($id: ID!) { flowRun(id: $id) { state { type } states(first: 5) { totalCount } } }',
      { id: flowRunId },
    );
    expect(flowRun).toEqual({ state: { type: 'PENDING' }, states: { totalCount: 1 } });
  });
});
