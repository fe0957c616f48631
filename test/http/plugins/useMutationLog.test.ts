import { describeOnDatabases } from '../../harness/databases';
import { type OperationGateway, startOperationGateway } from '../../operations/harness';

interface Event extends Record<string, unknown> {
  message: string;
}

describeOnDatabases(['embedded'], 'the log', database => {
  let gateway: OperationGateway;
  let events: Event[] = [];

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url);
    gateway.services.reportEvent = (message, facts) => events.push({ message, ...facts });
    await gateway.clear();
  });
  afterAll(() => gateway.close());
  beforeEach(() => {
    events = [];
  });

  test('has a line for each mutation with its caller, without its input, and none for a query', async () => {
    await gateway.ask('{ viewer { name } }');
    await gateway.createRuns(1, { type: 'RUNNING', message: 'a secret' });
    expect(events).toEqual([
      { message: 'a mutation was executed', actor: 'local', fields: ['createFlowRuns'] },
    ]);
  });

  test('has the codes of the errors of a mutation', async () => {
    const unknown = '{ input: [{ flowId: "00000000-0000-4000-8000-000000000000" }] }';
    await expect(
      gateway.ask(`mutation { createFlowRuns(${unknown.slice(1, -1)}) { results { created } } }`),
    ).rejects.toThrow();
    expect(events).toMatchObject([{ fields: ['createFlowRuns'], errors: ['BAD_USER_INPUT'] }]);
  });

  test('has a line for each REST call that writes, and none for one that reads', async () => {
    const [id] = await gateway.createRuns(1, { type: 'RUNNING' });
    events = [];
    const post = (path: string, body: unknown) =>
      fetch(new URL(path, gateway.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    await post('/api/flow_runs/filter', {});
    await post(`/api/flow_runs/${id}/set_state`, { state: { type: 'COMPLETED' } });
    expect(events).toEqual([
      {
        message: 'a REST call was carried out',
        actor: 'local',
        call: 'POST /api/flow_runs/:id/set_state',
        status: 201,
      },
    ]);
  });

  test('has a line where an operation begins, pauses and ends', async () => {
    await gateway.createRuns(2, { type: 'PENDING' });
    const id = await gateway.start({
      state: { type: 'FAILED' },
      flowRuns: { state: { type: { any: ['PENDING'] } } },
      canary: 1,
    });
    await gateway.becomes(id, 'PAUSED');
    await gateway.call('resumeBulkOperation', { id: ['ID!', id] });
    await gateway.ended(id);
    const statuses = events.filter(({ operationId }) => operationId === id).map(({ status }) => status);
    expect(statuses.slice(-3)).toEqual(['RUNNING', 'PAUSED', 'COMPLETED']);
  });
});
