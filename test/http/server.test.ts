import { describeOnEveryDatabase } from '../harness/databases';
import { startGateway, type TestGateway } from '../harness/gateway';

interface Result {
  flowRunId: string;
  status: string;
  details: { code?: string; reason?: string };
  state: { type: string; name: string; timestamp: string } | null;
  flowRun: { stateType: string } | null;
}

const setState = `mutation ($input: BulkSetFlowRunStateInput!) {
  bulkSetFlowRunState(input: $input) {
    results {
      flowRunId
      status
      details { ... on StateDeclinedDetails { code reason } }
      state { type name timestamp }
      flowRun { stateType }
    }
  }
}`;

const history = `query ($id: ID!) {
  flowRun(id: $id) { stateType states(first: 200) { totalCount nodes { type timestamp } } }
}`;

describeOnEveryDatabase('the gateway', database => {
  let gateway: TestGateway;
  let flowId: string;

  beforeAll(async () => {
    gateway = await startGateway(database.url);
    const data = await gateway.ask<{ createFlow: { id: string } }>(
      'mutation { createFlow(input: { name: "etl" }) { id } }',
    );
    flowId = data.createFlow.id;
  });
  afterAll(() => gateway?.close());

  async function createRuns(count: number, run: Record<string, unknown>): Promise<string[]> {
    const input = Array.from({ length: count }, () => ({ flowId, ...run }));
    const data = await gateway.ask<{ createFlowRuns: { results: { flowRun: { id: string } }[] } }>(
      'mutation ($input: [CreateFlowRunInput!]!) { createFlowRuns(input: $input) { results { flowRun { id } } } }',
      { input },
    );
    return data.createFlowRuns.results.map(({ flowRun }) => flowRun.id);
  }

  async function bulk(input: Record<string, unknown>): Promise<Result[]> {
    const data = await gateway.ask<{ bulkSetFlowRunState: { results: Result[] } }>(setState, { input });
    return data.bulkSetFlowRunState.results;
  }

  test('moves the newest matching runs, and returns newest first', async () => {
    const ids = await createRuns(5, { tags: ['move'], state: { type: 'RUNNING' } });
    const results = await bulk({
      state: { type: 'CANCELLING' },
      flowRuns: { tags: { any: ['move'] } },
      limit: 3,
    });
    expect(results.map(result => result.flowRunId)).toEqual(ids.slice(2).reverse());
    expect(
      results.every(({ status, flowRun }) => status === 'ACCEPT' && flowRun?.stateType === 'CANCELLING'),
    ).toBe(true);
  });

  test('returns the reason for a rejection', async () => {
    await createRuns(1, { tags: ['declined'], state: { type: 'FAILED' } });
    const [result] = await bulk({ state: { type: 'SCHEDULED' }, flowRuns: { tags: { any: ['declined'] } } });
    expect(result).toMatchObject({
      status: 'ABORT',
      details: { code: 'NO_DEPLOYMENT' },
      state: { type: 'FAILED' },
    });
  });

  test('decides the same in a preview, and writes nothing', async () => {
    const [id] = await createRuns(1, { tags: ['preview'], state: { type: 'RUNNING' } });
    const data = await gateway.ask<{ previewBulkSetFlowRunState: { results: Result[] } }>(
      setState.replace('mutation', 'query').replace('bulkSetFlowRunState', 'previewBulkSetFlowRunState'),
      { input: { state: { type: 'COMPLETED' }, flowRuns: { tags: { any: ['preview'] } } } },
    );
    expect(data.previewBulkSetFlowRunState.results).toMatchObject([
      { flowRunId: id, status: 'ACCEPT', state: { type: 'COMPLETED' }, flowRun: { stateType: 'RUNNING' } },
    ]);
    expect(await gateway.ask(history, { id })).toMatchObject({ flowRun: { states: { totalCount: 1 } } });
  });

  test.each([
    ['limit 0', { state: { type: 'RUNNING' }, limit: 0 }, ['input', 'limit']],
    ['limit 51', { state: { type: 'RUNNING' }, limit: 51 }, ['input', 'limit']],
    ['a type there is not', { state: { type: 'NOPE' } }, ['input', 'state', 'type']],
    [
      'an id that is none',
      { state: { type: 'RUNNING' }, flowRuns: { id: { any: ['x'] } } },
      ['input', 'flowRuns', 'id', 'any', 0],
    ],
    [
      'a time that is none',
      { state: { type: 'RUNNING' }, flowRuns: { startTime: { before: 'noon' } } },
      ['input', 'flowRuns', 'startTime', 'before'],
    ],
  ])('rejects %s and names its path', async (_what, input, path) => {
    await expect(bulk(input)).rejects.toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT', issues: [{ path }] } }],
    });
  });
});
