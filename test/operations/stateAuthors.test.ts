import { createHash } from 'node:crypto';
import { describeOnEveryDatabase } from '../harness/databases';
import { until } from '../harness/waiting';
import { type OperationGateway, startOperationGateway } from './harness';

const key = 'key-of-nora';
const apiKeys = `nora:admin:${createHash('sha256').update(key).digest('hex')}`;
const headers = { authorization: `Bearer ${key}` };

const background = { CANCELLING_TIMEOUT: 'on', CANCELLING_TIMEOUT_SECONDS: '1', BACKGROUND_SECONDS: '1' };

interface WrittenState {
  type: string;
  message: string | null;
  actor: string | null;
  bulkOperation: { id: string } | null;
}

describeOnEveryDatabase('the history of a run', database => {
  let gateway: OperationGateway;

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url, { ...background, API_KEYS: apiKeys }, headers);
    await gateway.clear();
  });
  afterAll(() => gateway.close());

  async function historyOf(id: string): Promise<WrittenState[]> {
    const { flowRun } = await gateway.ask<{ flowRun: { states: { nodes: WrittenState[] } } }>(
      'query ($id: ID!) { flowRun(id: $id) { states { nodes { type message actor bulkOperation { id } } } } }',
      { id },
    );
    return flowRun.states.nodes.reverse();
  }

  test('names the caller that wrote each state, over GraphQL and REST', async () => {
    const [id = ''] = await gateway.createRuns(1, { type: 'PENDING' });
    const moved = await gateway.ask(
      'mutation ($id: ID!) { setFlowRunState(input: { flowRunId: $id, state: { type: RUNNING } }) { state { actor } } }',
      { id },
    );
    expect(moved).toEqual({ setFlowRunState: { state: { actor: 'nora' } } });
    await fetch(new URL(`/api/flow_runs/${id}/set_state`, gateway.url), {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ state: { type: 'COMPLETED' } }),
    });
    expect(await historyOf(id)).toEqual(
      ['PENDING', 'RUNNING', 'COMPLETED'].map(type => ({
        type,
        message: null,
        actor: 'nora',
        bulkOperation: null,
      })),
    );
  });

  test('names the gateway itself where a background service wrote a state', async () => {
    const [id = ''] = await gateway.createRuns(1, { type: 'CANCELLING' });
    await until(async () => (await historyOf(id)).length === 2);
    expect(await historyOf(id)).toMatchObject([
      { type: 'CANCELLING', actor: 'nora' },
      { type: 'CANCELLED', actor: 'switchyard', bulkOperation: null },
    ]);
  });

  test('names the operation that wrote a state, and the undo that restored it in its message', async () => {
    const [id = ''] = await gateway.createRuns(1, { type: 'RUNNING', message: 'at work' });
    const flowRuns = { id: { any: [id] } };
    const operation = await gateway.start({ state: { type: 'FAILED' }, flowRuns });
    await gateway.ended(operation);
    const undo = await gateway.undo(operation);
    await gateway.ended(undo);
    expect((await historyOf(id)).slice(1)).toEqual([
      { type: 'FAILED', message: null, actor: 'nora', bulkOperation: { id: operation } },
      {
        type: 'RUNNING',
        message: `at work (restored by bulk operation ${undo}, which undoes ${operation})`,
        actor: 'nora',
        bulkOperation: { id: undo },
      },
    ]);
  });
});
