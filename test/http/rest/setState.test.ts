import { v7 } from 'uuid';
import { describeOnDatabases } from '../../harness/databases';
import { shared } from '../../harness/shared';
import { openRest } from './rest';

describeOnDatabases(['embedded'], 'REST: setting states', database => {
  const rest = shared(() => openRest(database.url));
  let flowId: string;

  beforeAll(async () => {
    flowId = await rest.createFlow();
  });

  const tagged = async (count: number, run: Record<string, unknown>): Promise<string[]> => {
    const ids: string[] = [];
    for (let index = 0; index < count; index++) ids.push((await rest.createRun(flowId, run)).id);
    return ids;
  };

  test('bulk_set_state moves the runs that match, and returns them newest first', async () => {
    const ids = await tagged(3, { tags: ['accept'], state: { type: 'PENDING' } });
    await tagged(1, { tags: ['other'], state: { type: 'PENDING' } });

    const { status, body } = await rest.post(
      '/flow_runs/bulk_set_state',
      {
        state: { type: 'RUNNING', name: 'Running', message: 'go' },
        flow_runs: { operator: 'and_', tags: { operator: 'and_', all_: ['accept'] } },
        force: false,
        limit: 50,
      },
      { 'x-prefect-api-version': '0.8.4' },
    );

    expect(status).toBe(200);
    expect(body.results.map((result: { flow_run_id: string }) => result.flow_run_id)).toEqual(ids.reverse());
    for (const result of body.results) {
      expect(result).toMatchObject({ status: 'ACCEPT', state: { type: 'RUNNING', message: 'go' } });
      expect(result.details).toEqual({ type: 'accept_details' });
    }
  });

  test('returns every key of a state in the reference, null or false by default', async () => {
    const [id] = await tagged(1, { state: { type: 'PENDING' } });

    const { body } = await rest.post(`/flow_runs/${id}/set_state`, { state: { type: 'RUNNING' } });

    expect(body.state).toEqual({
      id: expect.any(String),
      type: 'RUNNING',
      name: 'Running',
      timestamp: expect.stringMatching(/Z$/),
      message: null,
      data: null,
      state_details: {
        flow_run_id: id,
        task_run_id: null,
        child_flow_run_id: null,
        scheduled_time: null,
        cache_key: null,
        cache_expiration: null,
        deferred: false,
        untrackable_result: false,
        pause_timeout: null,
        pause_reschedule: false,
        pause_key: null,
        run_input_keyset: null,
        refresh_cache: null,
        retriable: null,
        transition_id: null,
        task_parameters_id: null,
        traceparent: null,
        deployment_concurrency_lease_id: null,
      },
    });
  });

  test('returns the reason and a code for a rejection that writes another state', async () => {
    const [id] = await tagged(1, { state: { type: 'SCHEDULED' } });

    const { status, body } = await rest.post(`/flow_runs/${id}/set_state`, { state: { type: 'CANCELLING' } });

    expect(status).toBe(201);
    expect(body).toEqual({
      status: 'REJECT',
      details: { type: 'reject_details', reason: expect.any(String), code: 'NO_INFRASTRUCTURE' },
      state: expect.objectContaining({ type: 'CANCELLED' }),
    });
  });

  test('returns the current state for a rejection that writes nothing', async () => {
    const details = { transition_id: v7() };
    const [id] = await tagged(1, { state: { type: 'PENDING', state_details: details } });

    const { status, body } = await rest.post(`/flow_runs/${id}/set_state`, {
      state: { type: 'RUNNING', state_details: details },
    });

    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'REJECT', state: { type: 'PENDING' } });
  });

  test('returns the current state for an abort', async () => {
    const [id] = await tagged(1, { state: { type: 'RUNNING' } });

    const { status, body } = await rest.post(`/flow_runs/${id}/set_state`, { state: { type: 'PENDING' } });

    expect(status).toBe(200);
    expect(body.details).toEqual({
      type: 'abort_details',
      reason: expect.any(String),
      code: 'PENDING_NOT_ALLOWED',
    });
    expect(body).toMatchObject({ status: 'ABORT', state: { type: 'RUNNING' } });
  });

  test('returns the seconds to wait', async () => {
    const scheduledTime = new Date(Date.now() + 60_000).toISOString();
    const [id] = await tagged(1, {
      state: { type: 'SCHEDULED', state_details: { scheduled_time: scheduledTime } },
    });

    const { body } = await rest.post(`/flow_runs/${id}/set_state`, { state: { type: 'RUNNING' } });

    expect(body.status).toBe('WAIT');
    expect(body.details).toMatchObject({ type: 'wait_details', code: 'SCHEDULED_IN_FUTURE' });
    expect(body.details.delay_seconds).toBeGreaterThan(55);
  });

  test('moves a run by force against the rules', async () => {
    const [id] = await tagged(1, { state: { type: 'RUNNING' } });

    const { status, body } = await rest.post(`/flow_runs/${id}/set_state`, {
      state: { type: 'PENDING' },
      force: true,
    });

    expect(status).toBe(201);
    expect(body.status).toBe('ACCEPT');
  });

  test('set_state responds to an unknown id with 404', async () => {
    const { status, body } = await rest.post(`/flow_runs/${v7()}/set_state`, { state: { type: 'RUNNING' } });

    expect(status).toBe(404);
    expect(body).toEqual({ detail: expect.any(String) });
  });

  test('moves only the newest runs within the limit, 50 by default', async () => {
    const [, newest] = await tagged(2, { tags: ['limited'], state: { type: 'PENDING' } });
    const flowRuns = { tags: { any_: ['limited'] } };

    const one = await rest.post('/flow_runs/bulk_set_state', {
      state: { type: 'RUNNING' },
      flow_runs: flowRuns,
      limit: 1,
    });
    const all = await rest.post('/flow_runs/bulk_set_state', {
      state: { type: 'COMPLETED' },
      flow_runs: flowRuns,
      limit: null,
      force: null,
    });

    expect(one.body.results.map((result: { flow_run_id: string }) => result.flow_run_id)).toEqual([newest]);
    expect(all.body.results).toHaveLength(2);
  });

  test('leaves the lease to a client that renews it, and not to an older one', async () => {
    const leaseAfterRunning = async (userAgent: string) => {
      const deploymentId = await rest.createDeployment(flowId, { concurrency_limit: 1 });
      const run = await rest.createRun(flowId, {
        deployment_id: deploymentId,
        state: { type: 'SCHEDULED' },
      });
      const headers = { 'user-agent': userAgent };
      const pending = await rest.post(
        `/flow_runs/${run.id}/set_state`,
        { state: { type: 'PENDING' } },
        headers,
      );
      const lease: string = pending.body.state.state_details.deployment_concurrency_lease_id;
      await rest.post(`/flow_runs/${run.id}/set_state`, { state: { type: 'RUNNING' } }, headers);
      return rest.post(`/v2/concurrency_limits/leases/${lease}/renew`, { lease_duration: 120 });
    };

    expect((await leaseAfterRunning('prefect/3.8.8 (API 0.8.4)')).status).toBe(204);
    expect((await leaseAfterRunning('prefect/3.4.10 (API 0.8.4)')).status).toBe(410);
  });

  test('renews a lease for the default time, and responds to an unknown one with an error', async () => {
    expect((await rest.post(`/v2/concurrency_limits/leases/${v7()}/renew`, {})).status).toBe(410);
    expect(
      (await rest.post(`/v2/concurrency_limits/leases/${v7()}/renew`, { lease_duration: 1 })).status,
    ).toBe(422);
  });
});
