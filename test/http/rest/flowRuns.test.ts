import { v7 } from 'uuid';
import { describeOnDatabases } from '../../harness/databases';
import { shared } from '../../harness/shared';
import { openRest } from './rest';

const namesOf = (runs: { name: string }[]): string[] => runs.map(({ name }) => name);

describeOnDatabases(['embedded'], 'REST: flows and runs', database => {
  const rest = shared(() => openRest(database.url));
  let flowId: string;

  beforeAll(async () => {
    flowId = await rest.createFlow();
  });

  test('creates a flow once: 201, then 200 with the same id', async () => {
    const made = await rest.post('/flows/', { name: 'etl', tags: [] });
    const found = await rest.post('/flows', { name: 'etl' });

    expect([made.status, found.status]).toEqual([201, 200]);
    expect(found.body).toEqual(made.body);
  });

  test('returns every field of a run that the Python client reads', async () => {
    const { status, body } = await rest.post('/flow_runs/', {
      flow_id: flowId,
      name: 'first',
      parameters: { day: 3, any_: { deep_key: [1, null] } },
      context: {},
      tags: ['a', 'b'],
      empirical_policy: { retries: 2, retry_delay: 10, pause_keys: [] },
      state: { type: 'SCHEDULED', state_details: { scheduled_time: '2026-11-23T15:34:00.123456+01:00' } },
    });

    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      created: expect.any(String),
      updated: expect.any(String),
      name: 'first',
      flow_id: flowId,
      state_id: body.state.id,
      deployment_id: null,
      deployment_version: null,
      work_queue_id: null,
      work_queue_name: null,
      flow_version: null,
      parameters: { day: 3, any_: { deep_key: [1, null] } },
      idempotency_key: null,
      context: {},
      empirical_policy: {
        max_retries: 0,
        retry_delay_seconds: 0,
        retries: 2,
        retry_delay: 10,
        pause_keys: [],
        resuming: false,
        retry_type: null,
      },
      tags: ['a', 'b'],
      labels: { 'prefect.flow.id': flowId },
      parent_task_run_id: null,
      state_type: 'SCHEDULED',
      state_name: 'Scheduled',
      run_count: 0,
      expected_start_time: '2026-11-23T14:34:00.123456Z',
      next_scheduled_start_time: '2026-11-23T14:34:00.123456Z',
      start_time: null,
      end_time: null,
      total_run_time: 0,
      estimated_run_time: 0,
      estimated_start_time_delta: expect.any(Number),
      auto_scheduled: false,
      infrastructure_document_id: null,
      infrastructure_pid: null,
      created_by: null,
      work_pool_id: null,
      work_pool_name: null,
      state: expect.objectContaining({ type: 'SCHEDULED', name: 'Scheduled' }),
      job_variables: {},
    });
    expect((await rest.get(`/flow_runs/${body.id}`)).body).toMatchObject({ id: body.id, state: body.state });
  });

  test('creates a run without a state as PENDING', async () => {
    const absent = await rest.createRun(flowId);
    const nothing = await rest.createRun(flowId, { state: null });

    expect([absent.state_type, nothing.state_type]).toEqual(['PENDING', 'PENDING']);
  });

  test('makes up a name for an empty one', async () => {
    expect((await rest.createRun(flowId, { name: '' })).name).toMatch(/^[a-z]+-[a-z]+$/);
  });

  test('accepts ids without hyphens, as the engine does', async () => {
    const { id } = await rest.createRun(flowId);

    expect((await rest.get(`/flow_runs/${id.replaceAll('-', '')}`)).body.id).toBe(id);
  });

  test('deletes a run once', async () => {
    const { id } = await rest.createRun(flowId);

    expect(await rest.call('DELETE', `/flow_runs/${id}`)).toEqual({ status: 204, body: null });
    expect((await rest.call('DELETE', `/flow_runs/${id}`)).status).toBe(404);
    expect((await rest.get(`/flow_runs/${id}`)).status).toBe(404);
  });

  test('bulk_delete returns the ids of the deleted runs', async () => {
    const run = { tags: ['doomed'] };
    const ids = [(await rest.createRun(flowId, run)).id, (await rest.createRun(flowId, run)).id];
    const flowRuns = { tags: { all_: ['doomed'] } };

    const { body } = await rest.post('/flow_runs/bulk_delete', { flow_runs: flowRuns, limit: 50 });

    expect(new Set(body.deleted)).toEqual(new Set(ids));
    expect((await rest.post('/flow_runs/count', { flow_runs: flowRuns })).body).toBe(0);
  });

  test('sorts the runs of a filter, and pages by offset', async () => {
    for (const name of ['page c', 'page a', 'page b']) await rest.createRun(flowId, { name });
    const flow_runs = { name: { like_: 'page ' } };

    const all = await rest.post('/flow_runs/filter', { flow_runs, sort: 'NAME_ASC' });
    const second = await rest.post('/flow_runs/filter', { flow_runs, sort: 'NAME_ASC', limit: 1, offset: 1 });
    const none = await rest.post('/flow_runs/filter', { flow_runs, limit: 0 });

    const counted = await rest.post('/flow_runs/count', {
      flow_runs,
      sort: 'NAME_ASC',
      limit: 1,
      offset: 1,
    });

    expect(counted.body).toBe(3);
    expect(namesOf(all.body)).toEqual(['page a', 'page b', 'page c']);
    expect(namesOf(second.body)).toEqual(['page b']);
    expect(none.body).toEqual([]);
  });

  test('combines the groups of a filter by or_', async () => {
    const one = await rest.createRun(flowId, { name: 'or one' });
    const other = await rest.createRun(flowId, { tags: ['or two'] });

    const { body } = await rest.post('/flow_runs/filter', {
      flow_runs: { operator: 'or_', id: { any_: [one.id.toUpperCase()] }, tags: { any_: ['or two'] } },
    });

    expect(body.map((run: { id: string }) => run.id)).toEqual([other.id, one.id]);
  });

  test('treats null as absent, as the Python client sends it', async () => {
    const groups = {
      flows: null,
      task_runs: null,
      deployments: null,
      work_pools: null,
      work_pool_queues: null,
      flow_runs: null,
    };

    const listed = await rest.post('/flow_runs/filter', { ...groups, sort: null, limit: null, offset: 0 });
    const counted = await rest.post('/flow_runs/count', groups);

    expect([listed.status, counted.status]).toEqual([200, 200]);
    expect(counted.body).toBe(listed.body.length);
  });

  test('returns the states of a run oldest first', async () => {
    const { id } = await rest.createRun(flowId);
    await rest.post(`/flow_runs/${id}/set_state`, { state: { type: 'RUNNING' } });
    await rest.post(`/flow_runs/${id}/set_state`, { state: { type: 'COMPLETED', data: { x: 1 } } });

    const { body } = await rest.get(`/flow_run_states/?flow_run_id=${id}`);

    expect(body.map((state: { type: string }) => state.type)).toEqual(['PENDING', 'RUNNING', 'COMPLETED']);
    expect((await rest.get(`/flow_run_states?flow_run_id=${v7()}`)).body).toEqual([]);
  });

  test('finds a state by its id', async () => {
    const { state } = await rest.createRun(flowId, { state: { type: 'RUNNING', message: 'go' } });
    const { id } = state as { id: string };

    expect(await rest.get(`/flow_run_states/${id}`)).toEqual({ status: 200, body: state });
    for (const none of [v7(), 'none'])
      expect(await rest.get(`/flow_run_states/${none}`)).toEqual({
        status: 404,
        body: { detail: `There is no flow run state ${none}.` },
      });
  });
});
