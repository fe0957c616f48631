import { v7 } from 'uuid';
import { describeOnEveryDatabase } from '../../harness/databases';
import { shared } from '../../harness/shared';
import { openRest } from './rest';

describeOnEveryDatabase('REST: deployments', database => {
  const rest = shared(() => openRest(database.url));
  let flowId: string;

  beforeAll(async () => {
    flowId = await rest.createFlow();
  });

  const named = () => ({ name: `nightly ${v7()}`, flow_id: flowId });
  const strict = { collision_strategy: 'CANCEL_NEW', grace_period_seconds: 90 };

  test('returns the limit beside the deployment, as the reference does since it gave up the field for it', async () => {
    const { status, body } = await rest.post('/deployments/', { ...named(), concurrency_limit: 3 });

    expect(status).toBe(201);
    expect(body).toMatchObject({
      concurrency_limit: null,
      global_concurrency_limit: {
        id: expect.any(String),
        name: `deployment:${body.id}`,
        active: true,
        limit: 3,
        active_slots: 0,
        slot_decay_per_second: 0,
      },
      concurrency_options: { collision_strategy: 'ENQUEUE', grace_period_seconds: null },
    });
  });

  test('changes a deployment of the same name, except for absent settings', async () => {
    const deployment = named();
    const made = await rest.post('/deployments/', {
      ...deployment,
      concurrency_limit: 1,
      concurrency_options: strict,
    });
    const changed = await rest.post('/deployments/', { ...deployment, concurrency_limit: 2 });
    const asked = await rest.post('/deployments/', deployment);
    const reset = await rest.post('/deployments/', {
      ...deployment,
      concurrency_limit: null,
      concurrency_options: null,
    });

    expect([made, changed, asked, reset].map(({ status }) => status)).toEqual([201, 200, 200, 200]);
    const settings = { id: made.body.id, created: made.body.created, concurrency_options: strict };
    expect(changed.body).toMatchObject({ ...settings, global_concurrency_limit: { limit: 2 } });
    expect(asked.body).toMatchObject({ ...settings, global_concurrency_limit: { limit: 2 } });
    expect(reset.body).toMatchObject({
      id: made.body.id,
      global_concurrency_limit: null,
      concurrency_options: { collision_strategy: 'ENQUEUE', grace_period_seconds: null },
    });
  });

  test('resets the slots when the limit is removed', async () => {
    const deployment = named();
    const { body } = await rest.post('/deployments/', { ...deployment, concurrency_limit: 1 });
    const { id } = await rest.createRun(flowId, { deployment_id: body.id, state: { type: 'SCHEDULED' } });
    await rest.post(`/flow_runs/${id}/set_state`, { state: { type: 'PENDING' } });
    const taken = await rest.post('/deployments/', deployment);

    await rest.post('/deployments/', { ...deployment, concurrency_limit: null });
    await rest.post(`/flow_runs/${id}/set_state`, { state: { type: 'CANCELLED' } });
    const again = await rest.post('/deployments/', { ...deployment, concurrency_limit: 1 });

    expect(taken.body.global_concurrency_limit.active_slots).toBe(1);
    expect(again.body.global_concurrency_limit.active_slots).toBe(0);
  });
});
