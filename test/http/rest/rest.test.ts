import { describeOnEveryDatabase } from '../../harness/databases';
import { startGateway, type TestGateway } from '../../harness/gateway';

interface FlowRunAnswer {
  id: string;
  state: { type: string } | null;
}

describeOnEveryDatabase('the REST calls', database => {
  let gateway: TestGateway;
  let flowId: string;

  beforeAll(async () => {
    gateway = await startGateway(database.url);
    flowId = ((await call('POST', '/flows/', { name: 'etl' })).body as { id: string }).id;
  });
  afterAll(() => gateway?.close());

  async function call(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: unknown }> {
    const response = await fetch(gateway.url.replace('/graphql', `/api${path}`), {
      method,
      headers: { 'content-type': 'application/json', 'x-prefect-api-version': '0.8.4' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  }

  async function createRun(run: Record<string, unknown> = {}): Promise<FlowRunAnswer> {
    return (await call('POST', '/flow_runs/', { flow_id: flowId, ...run })).body as FlowRunAnswer;
  }

  test('create a flow once', async () => {
    expect((await call('POST', '/flows/', { name: 'once' })).status).toBe(201);
    expect((await call('POST', '/flows', { name: 'once' })).status).toBe(200);
  });

  test('create a run without a state as PENDING', async () => {
    expect((await createRun()).state?.type).toBe('PENDING');
  });

  test('bulk_set_state returns the result of each run in the wire format', async () => {
    const { id } = await createRun({ state: { type: 'RUNNING' } });
    const { status, body } = await call('POST', '/flow_runs/bulk_set_state', {
      state: { type: 'CANCELLING' },
      flow_runs: { id: { any_: [id] } },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      results: [
        {
          flow_run_id: id,
          status: 'ACCEPT',
          details: { type: 'accept_details' },
          state: { type: 'CANCELLING', name: 'Cancelling' },
        },
      ],
    });
    const again = await call('POST', `/flow_runs/${id}/set_state`, { state: { type: 'RUNNING' } });
    expect(again).toMatchObject({
      status: 200,
      body: { status: 'REJECT', details: { code: 'CANCELLING_ONLY_TO_CANCELLED' } },
    });
    const { body: states } = await call('GET', `/flow_run_states/?flow_run_id=${id}`);
    expect(states).toMatchObject([{ type: 'RUNNING' }, { type: 'CANCELLING' }]);
  });

  test('find, count and delete runs', async () => {
    const { id } = await createRun({ tags: ['found'] });
    const flowRuns = { tags: { any_: ['found'] } };
    expect((await call('POST', '/flow_runs/filter', { flow_runs: flowRuns })).body).toMatchObject([
      { id, tags: ['found'] },
    ]);
    expect((await call('POST', '/flow_runs/count', { flow_runs: flowRuns })).body).toBe(1);
    expect((await call('POST', '/flow_runs/bulk_delete', { flow_runs: flowRuns })).body).toEqual({
      deleted: [id],
    });
    expect((await call('GET', `/flow_runs/${id}`)).status).toBe(404);
    expect((await call('DELETE', `/flow_runs/${id}`)).status).toBe(404);
  });

  test.each([
    ['a limit of 51', { state: { type: 'RUNNING' }, limit: 51 }, ['body', 'limit']],
    [
      'an unknown field of a filter',
      { state: { type: 'RUNNING' }, flow_runs: { nmae: {} } },
      ['body', 'flow_runs', 'nmae'],
    ],
    [
      'an id that is none',
      { state: { type: 'RUNNING' }, flow_runs: { id: { any_: ['x'] } } },
      ['body', 'flow_runs', 'id', 'any_', 0],
    ],
  ])('reject %s with 422 and the path', async (_what, body, loc) => {
    expect(await call('POST', '/flow_runs/bulk_set_state', body)).toMatchObject({
      status: 422,
      body: { detail: [{ loc }] },
    });
  });

  test('reject an unsupported group of filters, and never ignore it', async () => {
    const answer = await call('POST', '/flow_runs/filter', { task_runs: { name: { any_: ['etl'] } } });
    expect(answer).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'task_runs'] }] } });
  });

  test('report a matching version, and that there is no CSRF token', async () => {
    expect((await call('GET', '/admin/version')).body).toMatch(/^3\.8\./);
    expect((await call('GET', '/csrf-token')).status).toBe(404);
    expect((await call('GET', '/health')).body).toBe(true);
  });
});
