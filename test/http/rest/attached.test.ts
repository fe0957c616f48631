import { describeOnEveryDatabase } from '../../harness/databases';
import { shared } from '../../harness/shared';
import { openRest } from './rest';

const reason = 'Create runs in the other server.';

describeOnEveryDatabase('REST: a gateway that carries out no changes', database => {
  const rest = shared(() => openRest(database.url));
  const id = '5f1ac3a2-8a0b-4c86-9c9e-f0f4b5a4e2aa';
  let runId: string;
  let completed: (readonly string[])[];

  beforeAll(async () => {
    runId = (await rest.createRun(await rest.createFlow(), { state: { type: 'SCHEDULED' } })).id;
    const { executor } = rest.services;
    rest.services.executor = {
      ...executor,
      refusalOfChanges: reason,
      completeHistories: async (_services, ids) => void completed.push(ids),
    };
  });

  beforeEach(() => {
    completed = [];
  });

  test.each([
    '/flows/',
    '/deployments/',
    '/flow_runs/',
    '/task_runs/',
    `/v2/concurrency_limits/leases/${id}/renew`,
  ])('responds to POST %s with 404 and the reason, whatever the body', async path => {
    expect(await rest.post(path, { name: 'any' })).toEqual({ status: 404, body: { detail: reason } });
  });

  test('finds, counts, moves and deletes runs as ever', async () => {
    expect(await rest.post('/flow_runs/filter', {})).toMatchObject({ status: 200, body: [{ id: runId }] });
    expect(await rest.post('/flow_runs/count', {})).toMatchObject({ status: 200, body: 1 });
    expect(await rest.post('/flows/filter', {})).toMatchObject({ status: 200 });
    expect(await rest.post(`/flow_runs/${runId}/set_state`, { state: { type: 'PENDING' } })).toMatchObject({
      status: 201,
      body: { status: 'ACCEPT' },
    });
    expect(
      await rest.post('/flow_runs/bulk_set_state', { state: { type: 'RUNNING' }, flow_runs: {}, limit: 1 }),
    ).toMatchObject({ status: 200, body: { results: [{ status: 'ACCEPT' }] } });
    expect(await rest.post('/flow_runs/bulk_delete', { flow_runs: { id: { any_: [id] } } })).toMatchObject({
      status: 200,
    });
  });

  test('completes the history of a run before it is listed', async () => {
    const { status, body } = await rest.get(`/flow_run_states/?flow_run_id=${runId}`);

    expect(status).toBe(200);
    expect(body[0]).toMatchObject({ type: 'SCHEDULED' });
    expect(completed).toEqual([[runId]]);
  });
});
