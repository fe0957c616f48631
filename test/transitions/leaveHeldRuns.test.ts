import type { QueryRunner } from 'typeorm';
import type { FlowRunId } from '../../src/domain/identifiers';
import { DeploymentEntity } from '../../src/persistence/entities/deployment';
import { FlowRunEntity } from '../../src/persistence/entities/flowRun';
import { FlowRunStateEntity } from '../../src/persistence/entities/state';
import { TaskRunEntity } from '../../src/persistence/entities/taskRun';
import { findFlowRunsByIds } from '../../src/persistence/flowRuns/rowsById';
import { faultsOf } from '../harness/consistency';
import { describeOnDatabases } from '../harness/databases';
import { lockRow } from '../harness/lockRow';
import { seededGateway } from '../harness/seededGateway';

const setOne = `mutation ($id: ID!) {
  setFlowRunState(input: { flowRunId: $id, state: { type: RUNNING } }) { status }
}`;
const setMany = `mutation ($ids: [ID!]!) {
  bulkSetFlowRunState(input: { state: { type: RUNNING }, flowRuns: { id: { any: $ids } } }) {
    results { flowRunId status details { ... on StateDeclinedDetails { code reason } } }
  }
}`;

interface Many {
  bulkSetFlowRunState: {
    results: { flowRunId: string; status: string; details: { code?: string; reason?: string } }[];
  };
}

interface Timed<Result> {
  result: Result;
  seconds: number;
}

async function timed<Result>(work: Promise<Result>): Promise<Timed<Result>> {
  const start = performance.now();
  const result = await work;
  return { result, seconds: (performance.now() - start) / 1000 };
}

/** 503 where a call was refused as UNAVAILABLE. */
const statusOf = (error: unknown): number =>
  (error as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code === 'UNAVAILABLE'
    ? 503
    : 500;

/** Far below the time-out of a request, and far above what a machine under load takes. */
const soonSeconds = 12;

describeOnDatabases(['mysql', 'mariadb'], 'a run that another transaction holds', database => {
  const gateway = seededGateway(database);
  let holder: QueryRunner;
  let ids: string[] = [];

  const createRuns = async (count: number, more: object = {}): Promise<string[]> =>
    (
      await gateway.seeding.createFlowRuns(
        Array.from({ length: count }, () => ({
          flowId: gateway.flowId,
          state: { type: 'PENDING' },
          ...more,
        })),
      )
    ).reverse();

  const release = async (): Promise<void> => {
    if (holder.isTransactionActive) await holder.rollbackTransaction();
  };

  /** REST is at the same address as GraphQL. */
  const rest = (path: string, body?: object): Promise<Response> =>
    fetch(new URL(path, gateway.url), {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
  const setOverRest = (id: string): Promise<number> =>
    rest(`/api/flow_runs/${id}/set_state`, { state: { type: 'RUNNING' } }).then(({ status }) => status);

  const findRun = async (id = '') =>
    (await findFlowRunsByIds(gateway.services.database.primary, [id as FlowRunId]))[0];
  const stateTypeOf = async (id: string): Promise<string> => (await findRun(id))?.stateType ?? '';

  beforeEach(async () => {
    // A connection of its own: those of the gateway are under test.
    holder = gateway.services.database.writer.createQueryRunner('master');
    ids = await createRuns(50);
  });
  afterEach(async () => {
    await release();
    await holder.release();
    expect(await faultsOf(gateway.services.database)).toEqual([]);
  });

  test('ends calls on it in UNAVAILABLE soon, and does not delay other calls', async () => {
    const [held = '', other = ''] = await createRuns(2);
    await lockRow(holder, FlowRunEntity, held);
    const onHeld = Array.from({ length: 40 }, (_none, index) =>
      timed(
        index % 2 === 0 ? setOverRest(held) : gateway.ask(setOne, { id: held }).then(() => 200, statusOf),
      ),
    );
    const onOther = timed(setOverRest(other));
    const ready = timed(rest('/readyz').then(({ status }) => status));
    const read = timed(gateway.ask('{ flowRuns(first: 5) { nodes { id state { type } } } }'));
    const created = timed(createRuns(1));

    for (const { seconds } of await Promise.all([onOther, ready, read, created]))
      expect(seconds).toBeLessThan(4);
    expect((await onOther).result).toBe(201);
    expect((await ready).result).toBe(200);
    const ended = await Promise.all(onHeld);
    expect(ended.filter(({ result }) => result !== 503)).toEqual([]);
    expect(Math.max(...ended.map(({ seconds }) => seconds))).toBeLessThan(soonSeconds);
    expect(await stateTypeOf(held)).toBe('PENDING');
  }, 60_000);

  test.each([
    ['its own row', () => lockRow(holder, FlowRunEntity, ids[20])],
    [
      'the row of its state',
      async () => lockRow(holder, FlowRunStateEntity, (await findRun(ids[20]))?.stateId ?? ''),
    ],
  ])(
    'is left out of a call that moves all others, also if the lock is on %s',
    async (_row, lock) => {
      await lock();
      const { result, seconds } = await timed(gateway.ask<Many>(setMany, { ids }));
      const { results } = result.bulkSetFlowRunState;

      expect(seconds).toBeLessThan(soonSeconds);
      expect(results.map(({ status }) => status).filter(status => status === 'ACCEPT')).toHaveLength(49);
      expect(results[20]).toMatchObject({
        flowRunId: ids[20],
        status: 'ABORT',
        details: {
          code: 'INTERNAL_ERROR',
          reason: expect.stringContaining('Another transaction holds the run') as unknown,
        },
      });
      expect(await stateTypeOf(ids[20] ?? '')).toBe('PENDING');
      await release();
      await expect(gateway.ask(setOne, { id: ids[20] })).resolves.toMatchObject({
        setFlowRunState: { status: 'ACCEPT' },
      });
    },
    60_000,
  );

  test('is left out if its task run or its deployment is held', async () => {
    const limited = { flowId: gateway.flowId, concurrencyLimit: 10 };
    const heldDeployment = await gateway.seeding.createDeployment({ ...limited, name: 'held' });
    const freeDeployment = await gateway.seeding.createDeployment({ ...limited, name: 'free' });
    const [taskRun = ''] = await gateway.seeding.createTaskRuns([{ flowRunId: ids[0] }]);
    const state = { type: 'SCHEDULED' };
    const [ofHeld = ''] = await createRuns(1, { deploymentId: heldDeployment, state });
    const [ofFree = ''] = await createRuns(1, { deploymentId: freeDeployment, state });
    const [subflow = ''] = await createRuns(1, { parentTaskRunId: taskRun });
    await lockRow(holder, DeploymentEntity, heldDeployment);
    await lockRow(holder, TaskRunEntity, taskRun);

    const { bulkSetFlowRunState } = await gateway.ask<Many>(setMany.replace('RUNNING', 'PENDING'), {
      ids: [ofHeld, ofFree, subflow],
    });
    // Newest first: the subflow would be moved from PENDING to PENDING, and is rejected where it is free.
    expect(
      bulkSetFlowRunState.results.map(({ status, details }) => `${status} ${details.code ?? ''}`.trim()),
    ).toEqual(['ABORT INTERNAL_ERROR', 'ACCEPT', 'ABORT INTERNAL_ERROR']);
  }, 60_000);

  test('does not delay a call for longer if its whole table is locked', async () => {
    await holder.query(`LOCK TABLES ${FlowRunEntity.tableName} WRITE`);
    try {
      const calls = [
        timed(setOverRest(ids[0] ?? '')),
        timed(rest(`/api/flow_runs/${ids[0]}`).then(({ status }) => status)),
      ];
      for (const { result, seconds } of await Promise.all(calls)) {
        expect(result).toBe(503);
        expect(seconds).toBeLessThan(2 * soonSeconds);
      }
    } finally {
      await holder.query('UNLOCK TABLES');
    }
    expect(await stateTypeOf(ids[0] ?? '')).toBe('PENDING');
  }, 60_000);
});
