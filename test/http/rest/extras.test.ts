import { v7 } from 'uuid';
import { ExtrasEntity } from '../../../src/persistence/entities/extras';
import { describeOnEveryDatabase } from '../../harness/databases';
import { openRest, type TestRest } from './rest';

describeOnEveryDatabase('REST: fields without a meaning for the rules are stored and returned', database => {
  let rest: TestRest;
  let flowId: string;

  beforeAll(async () => {
    rest = await openRest(database.url);
    flowId = await rest.createFlow();
  });
  afterAll(() => rest?.close());

  const countExtras = (ownerId: string): Promise<number> =>
    rest.services.database.primary
      .getRepository(ExtrasEntity)
      .createQueryBuilder('extras')
      .where({ ownerId })
      .getCount();

  test('returns tags and labels of a flow as they were first sent', async () => {
    const flow = { name: v7(), tags: ['db', 'blue'], labels: { env: 'dev', tier: 1, odd: 1.5, hot: true } };
    const made = await rest.post('/flows/', flow);
    const again = await rest.post('/flows/', { name: flow.name, tags: ['red'], labels: { env: 'prod' } });

    expect([made.status, again.status]).toEqual([201, 200]);
    expect(made.body).toMatchObject(flow);
    expect(again.body).toEqual(made.body);
  });

  const deployment = {
    version: 'mint',
    description: 'Every night',
    path: '/',
    entrypoint: '/file.py:flow',
    paused: true,
    tags: ['foo'],
    parameters: { foo: 'bar' },
    parameter_openapi_schema: { type: 'object', properties: {} },
    enforce_parameter_schema: false,
    pull_steps: [{ clone: { url: 'x' } }],
    job_variables: { cpu: 24 },
    work_pool_name: 'pool',
    work_queue_name: 'queue',
    storage_document_id: v7(),
    infrastructure_document_id: v7(),
  };

  test('returns all extra fields of a deployment', async () => {
    const { status, body } = await rest.post('/deployments/', {
      name: v7(),
      flow_id: flowId,
      labels: { env: 'dev' },
      ...deployment,
    });

    expect(status).toBe(201);
    expect(body).toMatchObject(deployment);
    expect(body.labels).toEqual({ 'prefect.flow.id': flowId, env: 'dev' });
  });

  test('changes the sent fields of a deployment that is sent again, null included, and no others', async () => {
    const name = v7();
    const send = (changes: object) => rest.post('/deployments/', { name, flow_id: flowId, ...changes });
    await send({ ...deployment, labels: { env: 'dev' } });
    const { body } = await send({ version: '2', description: null, tags: [], paused: false });
    const untouched = await send({});

    expect(body).toMatchObject({ ...deployment, version: '2', description: null, tags: [], paused: false });
    expect(body.labels).toEqual({ 'prefect.flow.id': flowId });
    expect(untouched.body).toEqual({ ...body, updated: expect.any(String) });
  });

  test('returns context, labels, job variables and the older names of retries of a run', async () => {
    const extras = {
      context: { region: { name: 'north' } },
      job_variables: { cpu: 1, list: [1, null] },
      work_pool_name: 'pool',
      infrastructure_document_id: v7(),
    };
    const { body: made } = await rest.post('/flow_runs/', {
      flow_id: flowId,
      labels: { env: 'dev' },
      empirical_policy: { max_retries: 3, retry_delay_seconds: 4 },
      ...extras,
    });
    const { body: read } = await rest.get(`/flow_runs/${made.id}`);
    const { body: found } = await rest.post('/flow_runs/filter', { flow_runs: { id: { any_: [made.id] } } });

    for (const run of [made, read, ...found]) {
      expect(run).toMatchObject(extras);
      expect(run.labels).toEqual({ 'prefect.flow.id': flowId, env: 'dev' });
      expect(run.empirical_policy).toMatchObject({
        max_retries: 3,
        retry_delay_seconds: 4,
        retries: 3,
        retry_delay: 4,
      });
    }
  });

  test('does not change a run that is requested again by its idempotency key', async () => {
    const run = { flow_id: flowId, idempotency_key: v7() };
    const made = await rest.post('/flow_runs/', { ...run, context: { attempt: 1 } });
    const again = await rest.post('/flow_runs/', { ...run, context: { attempt: 2 } });

    expect(again.body.id).toBe(made.body.id);
    expect(again.body.context).toEqual({ attempt: 1 });
  });

  test('stores nothing for a run without extra fields', async () => {
    const { id, ...run } = await rest.createRun(flowId, {
      context: {},
      labels: {},
      job_variables: null,
      work_pool_name: null,
      empirical_policy: { max_retries: null },
    });

    expect(run).toMatchObject({ context: {}, job_variables: {}, labels: { 'prefect.flow.id': flowId } });
    expect(await countExtras(id)).toBe(0);
  });

  test('passes labels from a flow to its deployments, and from these to their runs, whose own have priority', async () => {
    const flow = await rest.post('/flows/', { name: v7(), labels: { of: 'flow', flow: 1 } });
    const flow_id = flow.body.id;
    const made = await rest.post('/deployments/', {
      name: v7(),
      flow_id,
      labels: { of: 'deployment', deployment: 2 },
    });
    const alone = await rest.createRun(flow_id, { labels: { of: 'run' } });
    const deployed = await rest.createRun(flow_id, { deployment_id: made.body.id });
    const task = await rest.post('/task_runs/', {
      flow_run_id: alone.id,
      task_key: 'k',
      dynamic_key: '0',
      labels: { task: 3 },
    });

    const ofFlow = { 'prefect.flow.id': flow_id, flow: 1 };
    expect(alone.labels).toEqual({ ...ofFlow, of: 'run' });
    expect(deployed.labels).toEqual({
      ...ofFlow,
      of: 'deployment',
      deployment: 2,
      'prefect.deployment.id': made.body.id,
    });
    expect(task.body.labels).toEqual({ ...ofFlow, of: 'run', task: 3, 'prefect.flow-run.id': alone.id });
  });

  test('returns cache, version, policy, tags and inputs of a task run, which may have the id of a flow run', async () => {
    const { id } = await rest.createRun(flowId, { context: { a: 1 } });
    const extras = {
      cache_key: 'c',
      cache_expiration: '2030-01-01T00:00:00.000000Z',
      task_version: '1',
      tags: ['a', 'b'],
      task_inputs: { x: [{ input_type: 'constant', type: 'int' }] },
    };
    const { status, body } = await rest.post('/task_runs/', {
      id,
      flow_run_id: id,
      task_key: 'k',
      dynamic_key: '0',
      empirical_policy: { retries: 3, retry_delay: [1, 2], retry_jitter_factor: 0.5 },
      ...extras,
    });

    expect(status).toBe(201);
    expect(body).toMatchObject(extras);
    expect(body.empirical_policy).toEqual({
      max_retries: 0,
      retry_delay_seconds: 0,
      retries: 3,
      retry_delay: [1, 2],
      retry_jitter_factor: 0.5,
    });
    expect((await rest.get(`/flow_runs/${id}`)).body.context).toEqual({ a: 1 });
  });

  test('deletes them with the run', async () => {
    const { id } = await rest.createRun(flowId, { context: { a: 1 } });
    const kept = await countExtras(id);
    await rest.call('DELETE', `/flow_runs/${id}`);

    expect([kept, await countExtras(id)]).toEqual([1, 0]);
  });
});
