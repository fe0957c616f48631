import { v7 } from 'uuid';
import { describeOnDatabases } from '../../harness/databases';
import { shared } from '../../harness/shared';
import { openRest } from './rest';

const id = '01234567-89ab-cdef-0123-456789abcdef';

describeOnDatabases(['embedded'], 'REST: values written as the reference accepts them', database => {
  const rest = shared(() => openRest(database.url));
  let flowId: string;
  beforeAll(async () => {
    flowId = await rest.createFlow();
  });

  /** What a run's first state has for a detail that was sent like this. */
  async function detailOf(name: string, value: unknown): Promise<unknown> {
    const state = { type: 'SCHEDULED', state_details: { [name]: value } };
    const { status, body } = await rest.post('/flow_runs/', { flow_id: flowId, state });
    return status === 201 ? body.state.state_details[name] : status;
  }

  const newYear = '2025-01-01T00:00:00.000000Z';

  test.each([
    ['2025-01-01T00:00:00', newYear],
    ['2025-01-01', newYear],
    ['2025-01-01 00:00:00', newYear],
    ['2025-01-01_00:00:00', newYear],
    ['2025-01-01T00:00:00z', newYear],
    ['2025-01-01t00:00:00Z', newYear],
    ['2025-01-01T00:00', newYear],
    ['2025-01-01T00', newYear],
    ['20250101T000000Z', newYear],
    ['2025-01-01T02:00:00+0200', newYear],
    ['2025-01-01T02:00:00+02', newYear],
    ['2024-12-31T22:00:00-02:00', newYear],
    ['2025-01-01T00:00:00,5Z', '2025-01-01T00:00:00.500000Z'],
    ['2025-01-01 00:00:00.123456789', '2025-01-01T00:00:00.123456Z'],
    [1_735_689_600, newYear],
    ['1735689600', newYear],
    [1_735_689_600.5, '2025-01-01T00:00:00.500000Z'],
    ['1735689600.25', '2025-01-01T00:00:00.250000Z'],
    [1_735_689_600_123, '2025-01-01T00:00:00.123000Z'],
    [0, '1970-01-01T00:00:00.000000Z'],
    [-1, '1969-12-31T23:59:59.000000Z'],
    ['9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59.999999Z'],
  ])('reads the instant %j as %s', async (value, instant) => {
    expect(await detailOf('scheduled_time', value)).toBe(instant);
  });

  test.each([
    'soon',
    '',
    '2025-02-30',
    '2025-1-1',
    '01/02/2025',
    '2025-01-01T25:00:00',
    '2025-01-01T23:59:60Z',
    '0000-01-01T00:00:00Z',
    '10000-01-01T00:00:00Z',
    '2025-01-01T00:00:00 +02:00',
    '2025-01-01T00:00:00+24:00',
    ' 2025-01-01T00:00:00Z',
    1e20,
    -1e300,
    true,
    [],
    {},
  ])('rejects %j as an instant', async value => {
    expect(await detailOf('scheduled_time', value)).toBe(422);
  });

  test('takes a bound of a filter without an offset as UTC', async () => {
    const start_time = { after_: '2025-01-01T00:00:00', before_: '2025-01-02' };
    expect((await rest.post('/flow_runs/count', { flow_runs: { start_time } })).status).toBe(200);
  });

  test.each([id, id.toUpperCase(), id.replaceAll('-', ''), `{${id}}`, `urn:uuid:${id}`])(
    'reads the id %s',
    async value => {
      expect(await detailOf('transition_id', value)).toBe(id);
    },
  );

  test.each(['', 5, ` ${id}`, `{${id.replaceAll('-', '')}}`, `${id}0`, 'urn:uuid:'])(
    'rejects %j as an id',
    async value => {
      expect(await detailOf('transition_id', value)).toBe(422);
    },
  );

  test('reads ids in paths and queries alike', async () => {
    const run = await rest.createRun(flowId);
    const bare = run.id.replaceAll('-', '');
    expect((await rest.get(`/flow_runs/${bare}`)).body.id).toBe(run.id);
    expect((await rest.get(`/flow_runs/%7B${run.id}%7D`)).body.id).toBe(run.id);
    expect((await rest.get(`/flow_run_states/?flow_run_id=urn:uuid:${run.id}`)).body).toHaveLength(1);
  });

  test.each([
    [[true, 1, 'true', 'TRUE', 't', 'yes', 'y', 'on', '1'], true],
    [[false, 0, 'false', 'f', 'no', 'n', 'off', '0'], false],
    [[2, 0.5, '2', '', ' true', []], 422],
  ])('reads %j as %s for a boolean', async (values, expected) => {
    for (const value of values) expect(await detailOf('retriable', value)).toBe(expected);
  });

  test.each([
    [[5, 5.0, '5', '5.0', ' 5 ', '+5', '05', '5_0'], 200],
    [[5.5, '5.5', '5e0', '', [], true], 422],
  ])('responds to the limits %j with %i', async (values, expected) => {
    for (const limit of values)
      expect((await rest.post('/flow_runs/filter', { limit })).status).toBe(expected);
  });

  test('ignores unknown details of a state, and rejects unknown fields of the state itself', async () => {
    const run = await rest.createRun(flowId);
    const setState = (state: object, more: object = {}) =>
      rest.post(`/flow_runs/${run.id}/set_state`, { state: { type: 'RUNNING', ...state }, ...more });

    const known = await setState({ state_details: { some_future_field: null, cache_key: 'kept' } });
    expect(known.status).toBe(201);
    expect(known.body.state.state_details).toMatchObject({ cache_key: 'kept' });
    expect(known.body.state.state_details).not.toHaveProperty('some_future_field');
    expect((await setState({ some_future_field: null })).status).toBe(422);
  });

  test('ignores unknown fields of policies, of concurrency options and beside a proposed state', async () => {
    const future = { some_future_field: { any: 'value' } };
    const options = { collision_strategy: 'ENQUEUE', ...future };
    const run = await rest.post('/flow_runs/', { flow_id: flowId, empirical_policy: future });
    const responses = [
      run,
      await rest.post('/task_runs/', { task_key: v7(), dynamic_key: '0', empirical_policy: future }),
      await rest.post('/deployments/', { flow_id: flowId, name: v7(), concurrency_options: options }),
      await rest.post(`/flow_runs/${run.body.id}/set_state`, { state: { type: 'RUNNING' }, ...future }),
    ];
    expect(responses.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
  });

  test('ignores an unknown field of a body that chooses where it is null', async () => {
    for (const path of ['/flow_runs/filter', '/flow_runs/count', '/flows/filter'])
      expect((await rest.post(path, { work_queues: null, some_future_field: null })).status).toBe(200);
  });

  test('rejects an unknown field of a body that chooses runs, and changes none', async () => {
    const run = await rest.createRun(flowId);
    const state = { type: 'RUNNING' };
    for (const path of ['filter', 'count', 'bulk_delete', 'bulk_set_state']) {
      const body = { flow_runz: {}, ...(path === 'bulk_set_state' && { state }) };
      expect((await rest.post(`/flow_runs/${path}`, body)).status).toBe(422);
    }
    expect((await rest.get(`/flow_runs/${run.id}`)).body.state_type).toBe('PENDING');
  });
});

describeOnDatabases(['embedded'], 'REST: the limits that are settings', database => {
  const rest = shared(() =>
    openRest(database.url, undefined, { maxListLength: 3, maxPageSize: 50, requestTimeoutSeconds: 30 }),
  );

  test('a page has the maximum size of the setting, also by default', async () => {
    const flowId = await rest.createFlow();
    for (let index = 0; index < 52; index++) await rest.createRun(flowId);
    expect((await rest.post('/flow_runs/filter', {})).body).toHaveLength(50);
    expect((await rest.post('/flow_runs/filter', { limit: 51 })).body.detail).toMatchObject([
      { loc: ['body', 'limit'], msg: 'must be at most 50' },
    ]);
    expect((await rest.post('/flow_runs/filter', { limit: 0 })).body).toEqual([]);
    expect((await rest.post('/flow_runs/filter', { offset: Number.MAX_SAFE_INTEGER })).body).toEqual([]);
  });

  test.each<[path: string, body: object, loc: string]>([
    ['/flow_runs/count', { flow_runs: { id: { any_: Array(4).fill(id) } } }, 'any_'],
    ['/flow_runs/count', { flow_runs: { tags: { all_: ['a', 'b', 'c', 'd'] } } }, 'all_'],
    ['/flow_runs/count', { flow_runs: { state: { type: { any_: Array(4).fill('RUNNING') } } } }, 'any_'],
    ['/flows/', { name: 'f', tags: ['a', 'b', 'c', 'd'] }, 'tags'],
    ['/flow_runs/', { flow_id: id, tags: ['a', 'b', 'c', 'd'] }, 'tags'],
    ['/task_runs/', { task_key: 'k', dynamic_key: '0', tags: ['a', 'b', 'c', 'd'] }, 'tags'],
    ['/deployments/', { flow_id: id, name: 'd', pull_steps: [{}, {}, {}, {}] }, 'pull_steps'],
  ])('a list has the maximum length of the setting: %s %j', async (path, body, name) => {
    const { status, body: answer } = await rest.post(path, body);
    expect(status).toBe(422);
    expect(answer.detail).toMatchObject([{ msg: 'must have at most 3 items', type: 'too_long' }]);
    expect(answer.detail[0].loc).toContain(name);
  });
});
