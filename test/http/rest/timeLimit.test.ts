import { describeOnEveryDatabase } from '../../harness/databases';
import { shared } from '../../harness/shared';
import { slowedDown } from '../../harness/slowDatabase';
import { until } from '../../harness/waiting';
import { openRest, type TestRest } from './rest';

const limits = { maxListLength: 10_000, maxPageSize: 200, requestTimeoutSeconds: 0.2 };

describeOnEveryDatabase('REST: a call that exceeds the time limit', database => {
  // What is made for a test, and what it reads afterwards, may take its time.
  const rest = shared(() => openRest(database.url));
  const limited = shared(() => openRest(database.url, undefined, limits));

  async function slowly<Result>(call: (rest: TestRest) => Promise<Result>): Promise<Result> {
    const { services } = limited;
    const { database: quick } = services;
    const slow = slowedDown(quick, 400);
    services.database = slow.database;
    try {
      return await call(limited);
    } finally {
      await slow.ended();
      services.database = quick;
    }
  }

  const tooLong = {
    status: 504,
    body: { detail: expect.stringContaining('longer than 0.2 seconds and was abandoned') },
  };

  test('responds with 504, and its transition is rolled back', async () => {
    const { id } = await rest.createRun(await rest.createFlow());
    const call = (path: string, body: object) => slowly(({ post }) => post(path, body));
    const state = { type: 'RUNNING' };

    expect(await call(`/flow_runs/${id}/set_state`, { state })).toEqual(tooLong);
    expect(await call('/flow_runs/bulk_set_state', { state })).toEqual(tooLong);
    expect(await call('/flow_runs/bulk_delete', {})).toEqual(tooLong);

    const { body } = await rest.get(`/flow_runs/${id}`);
    expect(body).toMatchObject({ state_type: 'PENDING', run_count: 0 });
    expect((await rest.get(`/flow_run_states/?flow_run_id=${id}`)).body).toHaveLength(1);
    expect([...rest.reported, ...limited.reported]).toEqual([]);
  });

  test('creates nothing', async () => {
    const { body: before } = await rest.post('/flow_runs/count', {});
    const flowId = await rest.createFlow();

    expect(await slowly(({ post }) => post('/flows/', { name: 'late' }))).toEqual(tooLong);
    expect(await slowly(({ post }) => post('/flow_runs/', { flow_id: flowId }))).toEqual(tooLong);

    expect((await rest.post('/flow_runs/count', {})).body).toBe(before);
    expect((await rest.post('/flows/filter', { flows: { name: { any_: ['late'] } } })).body).toEqual([]);
  });

  test('succeeds on the same database without the delay', async () => {
    const { id } = await rest.createRun(await rest.createFlow());
    const setState = () => limited.post(`/flow_runs/${id}/set_state`, { state: { type: 'RUNNING' } });
    await until(async () => (await setState()).status === 201);
  });
});
