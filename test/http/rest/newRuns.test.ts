import { v7 } from 'uuid';
import type { FlowId, FlowRunId, TaskRunId } from '../../../src/domain/identifiers';
import { ownAuthor } from '../../../src/domain/state';
import { createFlowRuns } from '../../../src/flowRuns/createFlowRuns';
import { createTaskRuns } from '../../../src/flowRuns/createTaskRuns';
import { describeOnEveryDatabase } from '../../harness/databases';
import { shared } from '../../harness/shared';
import { type Answer, openRest } from './rest';

const idsOf = (answers: readonly Answer[]): Set<string> => new Set(answers.map(({ body }) => body.id));
const statusesOf = (answers: readonly Answer[]): number[] =>
  answers.map(({ status }) => status).sort((one, other) => one - other);

describeOnEveryDatabase('REST: new runs', database => {
  const rest = shared(() => openRest(database.url));
  let flowId: string;

  beforeAll(async () => {
    flowId = await rest.createFlow();
  });

  const atOnce = (path: string, body: unknown) =>
    Promise.all(Array.from({ length: 6 }, () => rest.post(path, body)));

  test('returns the run of an idempotency key with 200', async () => {
    const made = await rest.post('/flow_runs/', { flow_id: flowId, idempotency_key: 'once' });
    const again = await rest.post('/flow_runs/', { flow_id: flowId, idempotency_key: 'once' });
    const elsewhere = await rest.post('/flow_runs/', {
      flow_id: await rest.createFlow(),
      idempotency_key: 'once',
    });

    expect([made.status, again.status, elsewhere.status]).toEqual([201, 200, 201]);
    expect(again.body.id).toBe(made.body.id);
  });

  test('creates one run for an idempotency key in many simultaneous calls', async () => {
    const answers = await atOnce('/flow_runs/', { flow_id: flowId, idempotency_key: v7() });

    expect(statusesOf(answers)).toEqual([200, 200, 200, 200, 200, 201]);
    expect(idsOf(answers).size).toBe(1);
  });

  test('stores the policy of a run, with each pause key once', async () => {
    const { body } = await rest.post('/flow_runs/', {
      flow_id: flowId,
      empirical_policy: {
        retries: 2,
        retry_delay: 10,
        pause_keys: ['second', 'first', 'second'],
        resuming: true,
        retry_type: 'in_process',
      },
    });

    const policy = {
      max_retries: 0,
      retry_delay_seconds: 0,
      retries: 2,
      retry_delay: 10,
      pause_keys: ['first', 'second'],
      resuming: true,
      retry_type: 'in_process',
    };
    expect(body.empirical_policy).toEqual(policy);
    expect((await rest.get(`/flow_runs/${body.id}`)).body.empirical_policy).toEqual(policy);
  });

  test('uses the older names of retries if the newer are absent', async () => {
    const policyOf = async (policy: Record<string, unknown>) =>
      (await rest.createRun(flowId, { empirical_policy: policy })).empirical_policy;
    const older = { max_retries: 3, retry_delay_seconds: 4 };

    expect(await policyOf(older)).toMatchObject({ retries: 3, retry_delay: 4 });
    expect(await policyOf({ ...older, retries: 1, retry_delay: 2 })).toMatchObject({
      retries: 1,
      retry_delay: 2,
    });
  });

  test('does not start again a run that is created as running while it resumes', async () => {
    const run = await rest.createRun(flowId, {
      empirical_policy: { resuming: true },
      state: { type: 'RUNNING' },
    });

    expect(run).toMatchObject({ run_count: 0, empirical_policy: { resuming: false } });
  });

  describe('task runs', () => {
    let parentId: string;
    beforeEach(async () => {
      parentId = (await rest.createRun(flowId)).id;
    });

    const keys = () => ({ flow_run_id: parentId, task_key: 'child-1a2b', dynamic_key: '0' });

    test('creates a task run without a state as PENDING', async () => {
      const { status, body } = await rest.post('/task_runs/', keys());

      expect(status).toBe(201);
      expect(body).toMatchObject({
        ...keys(),
        state_id: body.state.id,
        state_type: 'PENDING',
        state_name: 'Pending',
        run_count: 0,
        start_time: null,
        expected_start_time: body.state.timestamp,
        state: {
          type: 'PENDING',
          name: 'Pending',
          state_details: { flow_run_id: parentId, task_run_id: body.id },
        },
      });
    });

    test('creates a task run with the given state first, and with its columns', async () => {
      const { body } = await rest.post('/task_runs/', {
        ...keys(),
        state: { type: 'RUNNING', name: 'Off', message: 'go', state_details: { cache_key: 'c' } },
      });

      expect(body).toMatchObject({
        state_type: 'RUNNING',
        state_name: 'Off',
        run_count: 1,
        start_time: body.state.timestamp,
        state: { type: 'RUNNING', message: 'go', state_details: { cache_key: 'c' } },
      });
    });

    test('creates a task run over GraphQL without a state', async () => {
      const request = { id: null, name: null, taskKey: null, dynamicKey: null, state: null };
      const made = await createTaskRuns(
        rest.services,
        [
          { ...request, flowRunId: parentId as FlowRunId },
          { ...request, flowRunId: parentId as FlowRunId },
        ],
        ownAuthor,
      );

      expect(made).toMatchObject([
        { created: true, taskRun: { stateId: null, expectedStartTime: null } },
        { created: true, taskRun: { stateId: null, expectedStartTime: null } },
      ]);
    });

    test('returns the task run of the same keys in the state that its subflow gave it', async () => {
      const made = await rest.post('/task_runs/', keys());
      const child = await rest.createRun(flowId, { parent_task_run_id: made.body.id });
      await rest.post(`/flow_runs/${child.id}/set_state`, { state: { type: 'RUNNING' } });
      await rest.post(`/flow_runs/${child.id}/set_state`, { state: { type: 'COMPLETED' } });

      const again = await rest.post('/task_runs/', { ...keys(), name: 'another', state: { type: 'FAILED' } });

      expect(again.status).toBe(200);
      expect(again.body).toMatchObject({
        id: made.body.id,
        name: made.body.name,
        run_count: 1,
        state: { type: 'COMPLETED', state_details: { child_flow_run_id: child.id } },
      });
    });

    test('creates another task run for other keys, and for another flow run', async () => {
      const other = await rest.createRun(flowId);
      const answers = [
        await rest.post('/task_runs/', keys()),
        await rest.post('/task_runs/', { ...keys(), dynamic_key: '1' }),
        await rest.post('/task_runs/', { ...keys(), task_key: 'Child-1a2b' }),
        await rest.post('/task_runs/', { ...keys(), flow_run_id: other.id }),
      ];

      expect(statusesOf(answers)).toEqual([201, 201, 201, 201]);
      expect(idsOf(answers).size).toBe(4);
    });

    test('creates one task run for its keys in many simultaneous calls', async () => {
      const answers = await atOnce('/task_runs/', keys());

      expect(statusesOf(answers)).toEqual([200, 200, 200, 200, 200, 201]);
      expect(idsOf(answers).size).toBe(1);
    });

    test('creates one task run without a flow run in many simultaneous calls', async () => {
      const alone = { flow_run_id: null, task_key: v7(), dynamic_key: '0' };
      const answers = await atOnce('/task_runs/', alone);

      expect(statusesOf(answers)).toEqual([200, 200, 200, 200, 200, 201]);
      expect(idsOf(answers).size).toBe(1);
    });

    test('copies the first state of a subflow to its task run', async () => {
      const made = await rest.post('/task_runs/', keys());
      const child = await rest.createRun(flowId, {
        parent_task_run_id: made.body.id,
        state: { type: 'RUNNING', message: 'at once' },
      });

      const { body } = await rest.post('/task_runs/', keys());

      expect(body).toMatchObject({
        state_type: 'RUNNING',
        run_count: 1,
        start_time: body.state.timestamp,
        expected_start_time: made.body.expected_start_time,
        state: {
          message: 'at once',
          state_details: { flow_run_id: parentId, task_run_id: made.body.id, child_flow_run_id: child.id },
        },
      });
    });

    test('copies the state of the last of several subflows that are created together', async () => {
      const made = await rest.post('/task_runs/', keys());
      const request = {
        id: null,
        name: null,
        deploymentId: null,
        workQueueName: null,
        flowVersion: null,
        tags: [],
        parameters: {},
        idempotencyKey: null,
        infrastructurePid: null,
        createdBy: null,
        policy: { retries: null, retryDelay: null, pauseKeys: [], resuming: false, retryType: null },
        flowId: flowId as FlowId,
        parentTaskRunId: made.body.id as TaskRunId,
      };
      const [, last] = await createFlowRuns(
        rest.services,
        [
          { ...request, state: { type: 'RUNNING' } },
          { ...request, state: { type: 'COMPLETED' } },
        ],
        ownAuthor,
      );

      const { body } = await rest.post('/task_runs/', keys());

      expect(body).toMatchObject({
        run_count: 1,
        end_time: body.state.timestamp,
        state: { type: 'COMPLETED', state_details: { child_flow_run_id: last?.flowRun.id } },
      });
    });

    test('creates a task run without a flow run, and returns it again by its keys', async () => {
      const alone = { flow_run_id: null, task_key: v7(), dynamic_key: '0' };
      const made = await rest.post('/task_runs/', alone);
      const again = await rest.post('/task_runs/', alone);

      expect([made.status, again.status]).toEqual([201, 200]);
      expect(made.body.flow_run_id).toBeNull();
      expect(again.body.id).toBe(made.body.id);
    });

    test('rejects the id of another task run', async () => {
      const id = v7();
      const made = await rest.post('/task_runs/', { ...keys(), id });
      const again = await rest.post('/task_runs/', { ...keys(), id });
      const other = await rest.post('/task_runs/', { ...keys(), id, dynamic_key: '1' });

      expect([made.status, again.status, other.status]).toEqual([201, 200, 409]);
      expect(made.body.id).toBe(id);
      expect(other.body).toEqual({ detail: 'id: a task run already has this id' });
    });

    test('creates a subflow below a task run', async () => {
      const taskRun = await rest.post('/task_runs/', keys());
      const child = await rest.createRun(flowId, { parent_task_run_id: taskRun.body.id });

      const { body } = await rest.post('/flow_runs/filter', {
        flow_runs: { parent_flow_run_id: { any_: [parentId] } },
      });
      expect(body).toMatchObject([{ id: child.id, parent_task_run_id: taskRun.body.id }]);
    });
  });
});
