import type { BulkOperationId } from '../../../src/domain/identifiers';
import { operationSettingsOf } from '../../../src/operations/settings';
import { startWorker } from '../../../src/operations/worker/worker';
import { BulkOperationEntity } from '../../../src/persistence/entities/bulkOperation';
import { FlowRunStateEntity } from '../../../src/persistence/entities/state';
import { describeOnEveryDatabase } from '../../harness/databases';
import { until } from '../../harness/waiting';
import { type OperationGateway, startOperationGateway } from '../harness';

const settings = operationSettingsOf({
  operationBatchSize: 16,
  operationPlanSeconds: 900,
  operationRetryWaitSeconds: 3600,
});
const running = { state: { type: { any: ['RUNNING'] } } };

describeOnEveryDatabase('the batches of a bulk operation', database => {
  let gateway: OperationGateway;

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url, { OPERATION_BATCH_SIZE: '16' });
  });
  afterAll(() => gateway.close());
  beforeEach(() => gateway.clear());

  /** Lets the database refuse every state of one run while something is done. */
  async function refusingStatesOf(id: string, work: () => Promise<void>): Promise<void> {
    const { writer, kind } = gateway.services.database;
    const { tableName, columns } = FlowRunStateEntity;
    const isRefused = `NEW.${columns.flowRunId.name} = '${id}'`;
    const body =
      kind === 'embedded'
        ? `WHEN ${isRefused} BEGIN SELECT RAISE(ABORT, 'refused'); END`
        : `FOR EACH ROW IF ${isRefused} THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'refused'; END IF`;
    await writer.query(`CREATE TRIGGER refuse_states BEFORE INSERT ON ${tableName} ${body}`);
    try {
      await work();
    } finally {
      await writer.query('DROP TRIGGER refuse_states');
    }
  }

  test('isolate a run that causes an error, and move the others', async () => {
    const runs = await gateway.createRuns(40, { type: 'RUNNING' });
    const bad = runs[21] ?? '';
    await refusingStatesOf(bad, async () => {
      const id = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: running });
      expect(await gateway.ended(id)).toMatchObject({
        status: 'COMPLETED_WITH_FAILURES',
        counts: { matched: 40, accepted: 39, aborted: 1 },
      });
      const items = await gateway.items(id);
      expect(items.find(({ flowRunId }) => flowRunId === bad)).toMatchObject({
        status: 'ABORT',
        code: 'INTERNAL_ERROR',
        state: null,
      });
      const positions = items.map(({ position }) => position ?? 0);
      expect(positions.sort((one, other) => one - other)).toEqual(
        Array.from({ length: 40 }, (_, index) => index + 1),
      );
    });
    expect(await gateway.stateTypes()).toEqual({ CANCELLED: 39, RUNNING: 1 });
  });

  test('retry a run that fails in a batch of its own once before they give it up', async () => {
    const { services } = gateway;
    const { reportError } = services;
    const [bad = ''] = await gateway.createRuns(1, { type: 'RUNNING' });
    const reported: string[] = [];
    services.reportError = message => reported.push(message);
    try {
      await refusingStatesOf(bad, async () => {
        const id = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: running });
        expect(await gateway.ended(id)).toMatchObject({ counts: { matched: 1, aborted: 1 } });
      });
    } finally {
      services.reportError = reportError;
    }
    expect(reported).toEqual(Array(2).fill('a batch of a bulk operation failed'));
  });

  test('store a reason of any length completely', async () => {
    const [, paused = ''] = await gateway.createRuns(2, { type: 'RUNNING' });
    const pauseKey = 'k'.repeat(3000);
    const pause = { type: 'PAUSED', stateDetails: { pauseKey, pauseTimeout: '2099-01-01T00:00:00Z' } };
    for (const state of [pause, { type: 'RUNNING' }])
      await gateway.ask(
        'mutation ($input: SetFlowRunStateInput!) { setFlowRunState(input: $input) { status } }',
        {
          input: { flowRunId: paused, state },
        },
      );
    const id = await gateway.start({ state: pause, flowRuns: running });
    await gateway.ended(id);
    expect(await gateway.items(id)).toMatchObject([
      { status: 'ACCEPT', reason: null },
      { flowRunId: paused, status: 'REJECT', reason: expect.stringContaining(pauseKey) },
    ]);
  });

  // Workers that get into each other's way make the database break transactions off: nothing of those may stay.
  test('move each run once, after any number of attempts', async () => {
    const workers = [1, 2, 3].map(() => startWorker(gateway.services, { ...settings, batchSize: 1 }));
    try {
      for (let round = 0; round < 5; round++) {
        await gateway.clear();
        await gateway.createRuns(30, { type: 'SCHEDULED' });
        const id = await gateway.start({ state: { type: 'CANCELLING' }, flowRuns: {}, all: true });
        expect((await gateway.ended(id)).counts).toMatchObject({ matched: 30, rejected: 30 });
        for (const item of await gateway.items(id))
          expect(item).toMatchObject({ previousState: { type: 'SCHEDULED' }, state: { type: 'CANCELLED' } });
        const states = gateway.services.database.writer.getRepository(FlowRunStateEntity);
        expect(await states.count()).toBe(60);
      }
    } finally {
      await Promise.all(workers.map(worker => worker.stop()));
    }
  });

  test('an operation that always fails ends as FAILED with the reason', async () => {
    await gateway.createRuns(2, { type: 'RUNNING' });
    const id = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: running, canary: 1 });
    await gateway.becomes(id, 'PAUSED');
    const operations = gateway.services.database.writer.getRepository(BulkOperationEntity);
    const where = { id: id as BulkOperationId };
    await operations.update(where, { definition: () => "'{'" });
    await operations.update(where, { status: 'RUNNING' });
    const statusOf = async (): Promise<string> => {
      // Its definition cannot be read.
      const row = await operations.findOne({ select: { id: true, status: true, error: true }, where });
      return `${row?.status}: ${row?.error}`;
    };
    await until(async () => (await statusOf()).startsWith('FAILED'));
    expect(await statusOf()).toContain('times in a row');
  });

  test('items are listed by status and code, and operations by their fields, page by page', async () => {
    await gateway.createRuns(5, { type: 'RUNNING' });
    await gateway.createRuns(4, { type: 'COMPLETED' });
    const id = await gateway.start({ state: { type: 'CANCELLING' }, flowRuns: {}, all: true });
    await gateway.ended(id);
    const list = async (filter: string, after: string | null = null) => {
      const answer = await gateway.ask<{
        bulkOperation: {
          items: { totalCount: number; nodes: { code: string | null }[]; pageInfo: { endCursor: string } };
        };
      }>(
        `query ($id: ID!, $after: String) { bulkOperation(id: $id) {
          items(${filter} first: 3, after: $after) { totalCount nodes { code } pageInfo { endCursor } } } }`,
        { id, after },
      );
      return answer.bulkOperation.items;
    };
    const declined = await list('status: [ABORT, REJECT],');
    expect(declined).toMatchObject({
      totalCount: 4,
      nodes: [{ code: 'ALREADY_TERMINAL' }, { code: 'ALREADY_TERMINAL' }, { code: 'ALREADY_TERMINAL' }],
    });
    expect((await list('status: [ABORT, REJECT],', declined.pageInfo.endCursor)).nodes).toHaveLength(1);
    expect(await list('code: [ALREADY_TERMINAL],')).toMatchObject({ totalCount: 4 });
    expect(await list('status: [ACCEPT],')).toMatchObject({ totalCount: 5 });
    expect(await list('status: [],')).toMatchObject({ totalCount: 0, nodes: [] });

    const other = await gateway.start({
      state: { type: 'CANCELLED' },
      flowRuns: { name: { any: ['none'] } },
    });
    await gateway.ended(other);
    const operations = async (filter: string) => {
      const answer = await gateway.ask<{ bulkOperations: { nodes: { id: string }[]; totalCount: number } }>(
        `{ bulkOperations(filter: ${filter}) { totalCount nodes { id } } }`,
      );
      return answer.bulkOperations;
    };
    expect(await operations('{}')).toEqual({ totalCount: 2, nodes: [{ id: other }, { id }] });
    expect(await operations('{ status: [COMPLETED] }')).toEqual({ totalCount: 1, nodes: [{ id: other }] });
    expect(await operations('{ actor: ["nobody"] }')).toEqual({ totalCount: 0, nodes: [] });
    expect(await operations('{ createdBefore: "2000-01-01T00:00:00Z" }')).toMatchObject({ totalCount: 0 });
    expect(await operations('{ actor: ["local"], createdAfter: "2000-01-01T00:00:00Z" }')).toMatchObject({
      totalCount: 2,
    });
  });
});
