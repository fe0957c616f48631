import { v7 } from 'uuid';
import { describeOnDatabases } from '../../harness/databases';
import { shared } from '../../harness/shared';
import { byScopes, openRest } from './rest';

const state = { type: 'RUNNING' };
const keys = { task_key: 'child', dynamic_key: '0' };

describeOnDatabases(['embedded'], 'REST: rejected requests', database => {
  const rest = shared(() => openRest(database.url));

  const refusals: [name: string, path: string, body: unknown, loc: (string | number)[], type: string][] = [
    ['limit above 50', '/flow_runs/bulk_set_state', { state, limit: 51 }, ['limit'], 'less_than_equal'],
    ['limit below 1', '/flow_runs/bulk_delete', { limit: 0 }, ['limit'], 'greater_than_equal'],
    ['a page of more than 200', '/flow_runs/filter', { limit: 201 }, ['limit'], 'less_than_equal'],
    ['no state', '/flow_runs/bulk_set_state', {}, ['state'], 'missing'],
    ['an unknown type', '/flow_runs/bulk_set_state', { state: { type: 'LATE' } }, ['state', 'type'], 'enum'],
    [
      'an unknown field of a state',
      '/flow_runs/bulk_set_state',
      { state: { type: 'RUNNING', timestamp: '2026-11-23T15:34:00Z' } },
      ['state', 'timestamp'],
      'extra_forbidden',
    ],
    [
      'an unknown group of a filter',
      '/flow_runs/bulk_set_state',
      { state, flow_runs: { tag: { any_: [] } } },
      ['flow_runs', 'tag'],
      'extra_forbidden',
    ],
    [
      'an unknown condition of a filter',
      '/flow_runs/bulk_delete',
      { flow_runs: { tags: { any: ['a'] } } },
      ['flow_runs', 'tags', 'any'],
      'extra_forbidden',
    ],
    [
      'an id that is none',
      '/flow_runs/count',
      { flow_runs: { id: { any_: [v7(), 'x'] } } },
      ['flow_runs', 'id', 'any_', 1],
      'uuid_parsing',
    ],
    [
      'a time that is none',
      '/flow_runs/count',
      { flow_runs: { end_time: { before_: 'soon' } } },
      ['flow_runs', 'end_time', 'before_'],
      'value_error',
    ],
    ['an unknown field of a run', '/flow_runs/', { flow_id: v7(), colour: 1 }, ['colour'], 'extra_forbidden'],
    ['no flow', '/flow_runs/', {}, ['flow_id'], 'missing'],
    [
      'a limit of 0',
      '/deployments/',
      { flow_id: v7(), name: 'd', concurrency_limit: 0 },
      ['concurrency_limit'],
      'greater_than',
    ],
    [
      'no collision strategy',
      '/deployments/',
      { flow_id: v7(), name: 'd', concurrency_options: { grace_period_seconds: 60 } },
      ['concurrency_options', 'collision_strategy'],
      'missing',
    ],
    [
      'a limit that deployments share',
      '/deployments/',
      { flow_id: v7(), name: 'd', global_concurrency_limit_id: v7() },
      ['global_concurrency_limit_id'],
      'value_error',
    ],
    [
      'a way to retry that is none',
      '/flow_runs/',
      { flow_id: v7(), empirical_policy: { retry_type: 'never' } },
      ['empirical_policy', 'retry_type'],
      'enum',
    ],
    [
      'more retries than a number can hold',
      '/flow_runs/',
      { flow_id: v7(), empirical_policy: { retries: 2 ** 31 } },
      ['empirical_policy', 'retries'],
      'less_than_equal',
    ],
    ['no key', '/task_runs/', { flow_run_id: v7(), dynamic_key: '0' }, ['task_key'], 'missing'],
    ['a state that is none', '/task_runs/', { ...keys, state: { type: 'LATE' } }, ['state', 'type'], 'enum'],
    ['an empty name', '/flows/', { name: '' }, ['name'], 'string_pattern_mismatch'],
    ['a name with a slash', '/flows/', { name: 'a/b' }, ['name'], 'string_pattern_mismatch'],
    ['tags that are no list', '/flows/', { name: 'f', tags: 'a' }, ['tags'], 'list_type'],
    ['a name that is no text', '/flows/', { name: 1 }, ['name'], 'string_type'],
    ['a body that is no object', '/flows/', [], [], 'model_attributes_type'],
    [
      'a body that is nested too deeply',
      '/flow_runs/bulk_set_state',
      `{"state":{"type":"RUNNING","data":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
      ['state', 'data', 0, 0, 0],
      'value_error',
    ],
    ['a body that is no JSON', '/flow_runs/bulk_delete', '{', [], 'json_invalid'],
  ];

  test.each(refusals)('rejects %s with 422 at %s', async (_name, path, body, loc, type) => {
    const answer = await rest.post(path, body);

    expect(answer.status).toBe(422);
    const problems = [{ loc: ['body', ...loc], msg: expect.any(String), type }];
    expect(answer.body).toEqual({
      detail: problems,
      exception_message: 'Invalid request received.',
      exception_detail: problems,
    });
  });

  test.each(['soon', '1.0', '0.8.x', '0.7.9'])(
    'rejects x-prefect-api-version %s with 400 that names it',
    async version => {
      const answer = await rest.call(
        'POST',
        '/flows/',
        { name: version },
        { 'x-prefect-api-version': version },
      );
      expect(answer.status).toBe(400);
      expect(answer.body.detail).toContain('x-prefect-api-version');
      expect(answer.body.detail).toContain(version);
      // A flow that was not there is made now.
      expect((await rest.post('/flows/', { name: version })).status).toBe(201);
    },
  );

  test.each(['0.8.0', '0.8.4', '1.0.0'])('accepts x-prefect-api-version %s', async version => {
    const answer = await rest.call(
      'POST',
      '/flows/',
      { name: version },
      { 'x-prefect-api-version': version },
    );
    expect(answer.status).toBe(201);
  });

  test.each<[path: string, body: object, words: string]>([
    ['/flow_runs/filter', { limit: 201 }, 'must be at most 200'],
    ['/flow_runs/filter', { limit: 1.5 }, 'must be a whole number'],
    ['/flow_runs/filter', { limit: '9'.repeat(400) }, 'must be a number, and is too large'],
    ['/flow_runs/filter', { limit: 'all' }, 'must be a number, and is text'],
    ['/flow_runs/bulk_set_state', { state, limit: 0 }, 'must be at least 1'],
    ['/flow_runs/bulk_set_state', { state: null }, 'must be an object, and is null'],
    ['/flow_runs/bulk_delete', { flow_runs: [] }, 'must be an object, and is a list'],
    ['/deployments/', { name: 'd', flow_id: v7(), concurrency_limit: 0 }, 'must be more than 0'],
    ['/flows/', { name: 'x'.repeat(256) }, 'must have at most 255 characters'],
    [
      '/deployments/',
      { name: 'd', flow_id: v7(), concurrency_options: { collision_strategy: 'WAIT' } },
      'must be one of ENQUEUE, CANCEL_NEW',
    ],
  ])('rejects at %s in plain words: %#', async (path, body, words) => {
    expect((await rest.post(path, body)).body.detail).toMatchObject([{ msg: words }]);
  });

  test.each([
    [{ retry_delay: Array(51).fill(1) }, 'Can not configure more than 50 retry delays per task.'],
    [{ retry_jitter_factor: -1 }, '`retry_jitter_factor` must be >= 0.'],
  ])('rejects a policy of task runs in the words of the reference: %#', async (policy, words) => {
    const { status, body } = await rest.post('/task_runs/', { ...keys, empirical_policy: policy });

    expect(status).toBe(422);
    expect(body.exception_detail).toMatchObject([{ msg: words }]);
  });

  test('writes nothing of a rejected request', async () => {
    const flowId = await rest.createFlow();
    const { id } = await rest.createRun(flowId, { state: { type: 'SCHEDULED' } });
    const before = await rest.get(`/flow_run_states/?flow_run_id=${id}`);

    await rest.post(`/flow_runs/${id}/set_state`, { state: { ...state, colour: 'red' } });
    await rest.post('/flow_runs/bulk_set_state', { state, limit: 51 });
    await rest.post('/flow_runs/', { flow_id: flowId, tags: ['a', 1] });
    await rest.post('/flow_runs/bulk_delete', { flow_runs: { flow_id: { any_: [flowId] } } });

    expect(await rest.get(`/flow_run_states/?flow_run_id=${id}`)).toEqual(before);
    expect((await rest.post('/flow_runs/count', {})).body).toBe(1);
  });

  test.each(['task_runs', 'work_pools', 'work_pool_queues'])(
    'rejects the unsupported filter of runs %s, and never ignores it',
    async group => {
      for (const path of ['/flow_runs/filter', '/flow_runs/count']) {
        const { status, body } = await rest.post(path, { [group]: {} });

        expect(status).toBe(422);
        expect(body.detail).toMatchObject([{ loc: ['body', group] }]);
      }
    },
  );

  test.each([
    ['flows', { tags: { all_: ['a'] } }, 'tags'],
    ['flows', { deployment: { is_null_: true } }, 'deployment'],
    ['flows', { colour: {} }, 'colour'],
    ['deployments', { paused: { eq_: true } }, 'paused'],
    ['deployments', { tags: { all_: ['a'] } }, 'tags'],
    ['deployments', { work_queue_name: { any_: ['a'] } }, 'work_queue_name'],
    ['deployments', { concurrency_limit: { is_null_: true } }, 'concurrency_limit'],
    ['deployments', { flow_or_deployment_name: { like_: 'a' } }, 'flow_or_deployment_name'],
  ])('rejects the unsupported condition of %s %j, and never ignores it', async (group, filter, field) => {
    for (const path of ['/flow_runs/filter', '/flow_runs/count']) {
      const { status, body } = await rest.post(path, { [group]: filter });

      expect(status).toBe(422);
      expect(body.detail).toMatchObject([{ loc: ['body', group, field] }]);
    }
  });

  test('rejects every other group of filters in bulk calls', async () => {
    expect((await rest.post('/flow_runs/bulk_delete', { flows: { id: { any_: [v7()] } } })).status).toBe(422);
  });

  test('rejects an invalid id in the query, or of a lease, with 422 and the location', async () => {
    const inQuery = await rest.get('/flow_run_states/');
    const lease = await rest.post('/v2/concurrency_limits/leases/none/renew', {});

    expect([inQuery.status, lease.status]).toEqual([422, 422]);
    expect(inQuery.body.detail).toMatchObject([{ loc: ['query', 'flow_run_id'], type: 'missing' }]);
    expect(lease.body.detail).toMatchObject([{ loc: ['path', 'id'], type: 'uuid_parsing' }]);
  });

  test('responds to an id that is no UUID with 404', async () => {
    const answers = [
      await rest.get('/flow_runs/none'),
      await rest.call('DELETE', '/flow_runs/none'),
      await rest.post('/flow_runs/none/set_state', { state }),
    ];

    expect(answers).toEqual(
      answers.map(() => ({ status: 404, body: { detail: 'There is no flow run none.' } })),
    );
  });

  test('responds to an unknown path with 404', async () => {
    expect(await rest.get('/nowhere')).toEqual({ status: 404, body: { detail: 'Not Found' } });
  });

  test('responds to an internal error with 500 and no details, and reports it', async () => {
    const find = jest.spyOn(rest.services.database.primary, 'getRepository').mockImplementationOnce(() => {
      throw new Error('secret');
    });
    const answer = await rest.post('/deployments/', { name: 'd', flow_id: v7() });
    find.mockRestore();

    expect(answer).toEqual({ status: 500, body: { detail: 'Unexpected error.' } });
    expect(rest.reported).toEqual([expect.objectContaining({ message: 'secret' })]);
  });
});

describeOnDatabases(['embedded'], 'REST: scopes', database => {
  const rest = shared(() => openRest(database.url, byScopes));

  const as = (scopes: string) => ({ authorization: `Bearer ${scopes}` });
  const statusOf = async (scopes: string, path: string, body: unknown) =>
    (await rest.post(path, body, as(scopes))).status;

  test('requires the scope "read" to read', async () => {
    expect(await statusOf('read', '/flow_runs/count', {})).toBe(200);
    expect(await statusOf('write', '/flow_runs/count', {})).toBe(403);
    expect(await statusOf('write', '/flow_runs/filter', {})).toBe(403);
  });

  test('requires the scope "write" to write, before it checks the body', async () => {
    for (const path of [
      '/flows/',
      '/deployments/',
      '/task_runs/',
      '/flow_runs/',
      '/flow_runs/bulk_set_state',
      '/flow_runs/bulk_delete',
      `/flow_runs/${v7()}/set_state`,
      `/v2/concurrency_limits/leases/${v7()}/renew`,
    ]) {
      expect(await statusOf('read', path, 'no JSON')).toBe(403);
    }
    expect((await rest.call('DELETE', `/flow_runs/${v7()}`, undefined, as('read'))).status).toBe(403);
  });

  test('requires the scope "force" beside "write" for force', async () => {
    const body = { state, force: true };

    expect(await statusOf('write', '/flow_runs/bulk_set_state', body)).toBe(403);
    expect(await statusOf('write', `/flow_runs/${v7()}/set_state`, body)).toBe(403);
    expect(await statusOf('write,force', '/flow_runs/bulk_set_state', body)).toBe(200);
  });
});

describeOnDatabases(['embedded'], 'REST: without an actor', database => {
  const rest = shared(() => openRest(database.url, async () => undefined));

  test('returns health, version and the absence of CSRF tokens without authentication', async () => {
    expect(await rest.get('/health')).toEqual({ status: 200, body: true });
    expect(await rest.get('/admin/version')).toEqual({ status: 200, body: '3.8.8' });
    expect((await rest.get('/csrf-token?client=x')).status).toBe(404);
  });

  test('rejects every other call', async () => {
    expect((await rest.post('/flow_runs/count', {})).status).toBe(401);
  });
});
