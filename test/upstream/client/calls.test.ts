import { v4 } from 'uuid';
import { ExactNumber } from '../../../src/domain/exactNumber';
import type { DeploymentId, FlowId, FlowRunId, TaskRunId } from '../../../src/domain/identifiers';
import { parseInstant } from '../../../src/domain/instant';
import type { StateProposal } from '../../../src/domain/state';
import { checkVersion } from '../../../src/upstream/checkVersion';
import { createUpstreamClient } from '../../../src/upstream/client/createUpstreamClient';
import type {
  GuardedCall,
  UpstreamClient,
  UpstreamFlowRun,
} from '../../../src/upstream/client/upstreamClient';
import { missingPrefect } from '../../databases/testRun';
import { describeWhere } from '../../harness/describeWhere';
import { guardOf } from '../../harness/guardOf';
import { type PrefectSeed, type SeedRun, seedPrefect } from '../../harness/prefectSeed';
import { type PrefectServer, startPrefectServer } from '../../harness/prefectServer';

describeWhere(missingPrefect(), 'calls of a Prefect server', () => {
  let server: PrefectServer;
  let client: UpstreamClient;
  let seed: PrefectSeed;
  let flowId: string;

  beforeAll(async () => {
    server = await startPrefectServer();
    client = createUpstreamClient({
      apiUrl: `${server.apiUrl}/`,
      timeoutSeconds: 60,
      inFlight: 4,
      userAgent: 'switchyard/test',
    });
    seed = seedPrefect(server);
    flowId = await seed.flow('etl');
  }, 120_000);
  afterAll(async () => {
    await client.close();
    await server.stop();
  });

  async function runIn(run: Omit<SeedRun, 'flowId'>): Promise<UpstreamFlowRun> {
    const [id = ''] = await seed.runs([{ flowId, ...run }]);
    return read(id);
  }

  async function read(id: string): Promise<UpstreamFlowRun> {
    const [run] = (await client.findFlowRunsByIds([id as FlowRunId])).rows;
    if (run === undefined) throw new Error(`there is no run ${id}`);
    return run;
  }

  const move = (run: UpstreamFlowRun, proposal: StateProposal, more: Partial<GuardedCall> = {}) =>
    client.setGuardedState({ guard: guardOf(run), transitionId: v4(), proposal, force: false, ...more });

  it('read the version, with which everything works', async () => {
    expect(await client.readVersion()).toBe('3.8.8');
    expect(await checkVersion(client)).toEqual({ kind: 'full', version: '3.8.8' });
    expect(client.address).toBe(server.apiUrl);
  });

  it('read a run with its state, and numbers as they are written there', async () => {
    const { flowRun, state, extras } = await runIn({
      name: 'nightly',
      tags: ['a', 'b'],
      parameters: { count: 1, date: null },
      retries: 2,
      retryDelay: 30,
      states: [{ type: 'FAILED', name: 'Broken', message: 'no disk', state_details: { retriable: false } }],
    });
    expect(flowRun).toMatchObject({
      name: 'nightly',
      flowId,
      deploymentId: null,
      tags: ['a', 'b'],
      parameters: { count: 1, date: null },
      policy: { retries: 2, retryDelay: 30, pauseKeys: [], resuming: false, retryType: null },
      stateId: state?.id,
      stateType: 'FAILED',
      stateName: 'Broken',
      stateTimestamp: state?.timestamp,
      runCount: 0,
      nextScheduledStartTime: null,
      endTime: state?.timestamp,
      totalRunTime: 0,
    });
    expect(state).toMatchObject({
      type: 'FAILED',
      name: 'Broken',
      message: 'no disk',
      data: null,
      stateDetails: { flowRunId: flowRun.id, retriable: false },
      actor: null,
      bulkOperationId: null,
    });
    expect(extras).toEqual({ labels: { 'prefect.flow.id': flowId } });
  });

  it('read a number that JavaScript would change as it was written', async () => {
    const body = `{"flow_id":"${flowId}","parameters":{"big":9007199254740993},"state":{"type":"SCHEDULED"}}`;
    const response = await fetch(`${server.apiUrl}/flow_runs/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const { id } = (await response.json()) as { id: string };
    const { parameters } = (await read(id)).flowRun;
    expect(parameters).toEqual({ big: new ExactNumber('9007199254740993') });
  });

  it('read the older names of retries where the newer ones are empty', async () => {
    const { id } = (await seed.call('POST', '/flow_runs/', {
      flow_id: flowId,
      empirical_policy: { max_retries: 3, retry_delay_seconds: 7 },
      state: { type: 'SCHEDULED' },
    })) as { id: string };
    const { flowRun, extras } = await read(id);
    expect(flowRun.policy).toMatchObject({ retries: 3, retryDelay: 7 });
    expect(extras['empirical_policy']).toMatchObject({ max_retries: 3 });
  });

  it('read a run that the scheduler made', async () => {
    const [id = ''] = await seed.scheduledRuns(flowId);
    const { flowRun, state } = await read(id);
    expect(flowRun).toMatchObject({ stateType: 'SCHEDULED', createdBy: { type: 'SCHEDULE' } });
    expect(flowRun.nextScheduledStartTime).toBe(flowRun.expectedStartTime);
    expect(state?.stateDetails).toEqual({ scheduledTime: flowRun.expectedStartTime });
  });

  it('read more runs by id than one page has, without those that do not exist', async () => {
    const [id = ''] = await seed.runs([{ flowId }]);
    const unknown = Array.from({ length: 250 }, () => v4());
    const { rows: found } = await client.findFlowRunsByIds([...unknown, id] as FlowRunId[]);
    expect(found.map(({ flowRun }) => flowRun.id)).toEqual([id]);
  });

  it('walk over all runs by their expected start time, and count them', async () => {
    const tag = v4();
    const ids = await seed.runs(Array.from({ length: 5 }, () => ({ flowId, tags: [tag] })));
    const filter = { tags: { all_: [tag] } };
    const seen: string[] = [];
    let after = '0001-01-01T00:00:00Z';
    for (;;) {
      const { rows: page } = await client.findFlowRuns({
        filter: { ...filter, expected_start_time: { after_: after }, id: { not_any_: seen } },
        sort: 'EXPECTED_START_TIME_ASC',
        limit: 2,
      });
      const last = page.at(-1)?.flowRun.expectedStartTime;
      if (!last) break;
      after = last;
      seen.push(...page.map(({ flowRun }) => flowRun.id));
    }
    expect(seen.toSorted()).toEqual(ids.toSorted());
    expect(await client.countFlowRuns(filter)).toBe(5);
  });

  it('read the history of a run, oldest state first', async () => {
    const { flowRun } = await runIn({
      states: [{ type: 'SCHEDULED' }, { type: 'PENDING' }, { type: 'RUNNING' }],
    });
    const states = await client.findStates(flowRun.id);
    expect(states?.map(({ type }) => type)).toEqual(['SCHEDULED', 'PENDING', 'RUNNING']);
    expect(states?.at(-1)?.id).toBe(flowRun.stateId);
  });

  it('read no history of a run that does not exist', async () => {
    expect(await client.findStates(v4() as FlowRunId)).toBeNull();
  });

  it('read flows and deployments by id and by page', async () => {
    const deploymentId = await seed.deployment(flowId, {
      name: 'limited',
      concurrency_limit: 3,
      concurrency_options: { collision_strategy: 'CANCEL_NEW', grace_period_seconds: 90 },
    });
    const {
      rows: [flow],
    } = await client.findFlows({ ids: [flowId as FlowId] });
    expect(flow).toMatchObject({ id: flowId, name: 'etl' });
    expect((await client.findFlows({ offset: 0 })).rows).toContainEqual(flow);
    const {
      rows: [deployment],
    } = await client.findDeployments({ ids: [deploymentId as DeploymentId] });
    expect(deployment).toMatchObject({
      name: 'limited',
      flowId,
      concurrencyLimit: 3,
      collisionStrategy: 'CANCEL_NEW',
      gracePeriodSeconds: 90,
      activeSlots: 0,
      isLimitActive: true,
    });
    expect((await client.findDeployments({ offset: 0 })).rows).toContainEqual(deployment);
    expect((await client.findDeployments({ offset: 1000 })).rows).toEqual([]);
  });

  it('read a limit that is switched off, and a deployment without a limit', async () => {
    const limited = await seed.deployment(flowId, { concurrency_limit: 1 });
    const free = await seed.deployment(flowId);
    await seed.call('PATCH', `/v2/concurrency_limits/deployment:${limited}`, { active: false });
    const { rows: found } = await client.findDeployments({ ids: [limited, free] as DeploymentId[] });
    expect(
      new Map(
        found.map(({ id, concurrencyLimit, isLimitActive }) => [id, { concurrencyLimit, isLimitActive }]),
      ),
    ).toEqual(
      new Map([
        [limited, { concurrencyLimit: 1, isLimitActive: false }],
        [free, { concurrencyLimit: null, isLimitActive: true }],
      ]),
    );
  });

  it('read the task run that stands for a subflow', async () => {
    const [parentId = ''] = await seed.runs([{ flowId }]);
    const taskRunId = await seed.taskRun(parentId, 'child');
    const { flowRun } = await runIn({ parentTaskRunId: taskRunId });
    expect(flowRun.parentTaskRunId).toBe(taskRunId);
    const {
      rows: [found],
    } = await client.findTaskRuns([taskRunId, v4()] as TaskRunId[]);
    expect(found?.taskRun).toMatchObject({
      id: taskRunId,
      name: 'child',
      flowRunId: parentId,
      taskKey: 'child',
    });
    expect(found?.state?.id).toBe(found?.taskRun.stateId);
  });

  it('count runs by state in intervals', async () => {
    const from = parseInstant('2031-01-01T00:00:00Z');
    const to = parseInstant('2031-01-01T02:00:00Z');
    await runIn({
      states: [{ type: 'SCHEDULED', name: 'Far', state_details: { scheduled_time: '2031-01-01T01:30:00Z' } }],
    });
    const intervals = await client.countByInterval({ from, to, seconds: 3600 });
    expect(intervals).toEqual([
      { from, states: [] },
      { from: '2031-01-01T01:00:00.000000Z', states: [{ type: 'SCHEDULED', name: 'Far', count: 1 }] },
    ]);
  });

  it('move a run from each kind of state, with the id of the transition in its history', async () => {
    const later = {
      type: 'SCHEDULED' as const,
      state_details: { scheduled_time: '2031-05-05T05:05:05.123456Z' },
    };
    const starts = [
      [later],
      [later, { type: 'PENDING' as const }],
      [later, { type: 'RUNNING' as const }],
      [later, { type: 'RUNNING' as const }, { type: 'FAILED' as const }],
    ];
    for (const states of starts) {
      const run = await runIn({ states });
      const transitionId = v4();
      const proposal = {
        type: 'CRASHED' as const,
        name: 'Lost',
        message: 'gone',
        stateDetails: { retriable: true },
      };
      const result = await move(run, proposal, { transitionId, force: true });
      expect(result).toMatchObject({ status: 'ACCEPT', reason: null, delaySeconds: null });
      const history = await client.findStates(run.flowRun.id);
      expect(history?.at(-1)).toEqual(result?.state);
      expect(result?.state).toMatchObject({
        type: 'CRASHED',
        name: 'Lost',
        message: 'gone',
        stateDetails: { transitionId, retriable: true },
      });
    }
  });

  it('leave a run alone that has changed since it was read', async () => {
    const run = await runIn({ states: [{ type: 'RUNNING' }, { type: 'FAILED' }] });
    await seed.move(run.flowRun.id, { type: 'RUNNING' });
    await seed.move(run.flowRun.id, { type: 'FAILED' });
    expect((await read(run.flowRun.id)).flowRun).toMatchObject({ stateType: 'FAILED', stateName: 'Failed' });
    expect(await move(run, { type: 'CANCELLED' })).toBeNull();
    expect(await client.findStates(run.flowRun.id)).toHaveLength(4);
  });

  it('leave a run alone that does not exist any more', async () => {
    const run = await runIn({});
    await seed.deleteRun(run.flowRun.id);
    expect(await move(run, { type: 'CANCELLED' })).toBeNull();
  });

  it('return the reason where a transition is refused, and force it', async () => {
    const run = await runIn({ states: [{ type: 'FAILED' }] });
    const refused = await move(run, { type: 'SCHEDULED' });
    expect(refused).toMatchObject({
      status: 'ABORT',
      reason: 'Cannot reschedule a run without an associated deployment.',
      state: { id: run.flowRun.stateId },
    });
    const forced = await move(run, { type: 'SCHEDULED' }, { force: true });
    expect(forced).toMatchObject({ status: 'ACCEPT', state: { type: 'SCHEDULED' } });
  });

  it('delete a run once', async () => {
    const { flowRun } = await runIn({});
    expect(await client.deleteFlowRun(flowRun.id)).toBe(true);
    expect(await client.deleteFlowRun(flowRun.id)).toBe(false);
    expect(await client.findStates(flowRun.id)).toBeNull();
  });
});
